// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';

/** Whom a child runs as. Without numbers it runs as whoever runs the demo. */
export interface Account {
  readonly name: string;
  readonly identity: { readonly uid?: number; readonly gid?: number };
}

/**
 * The first of the accounts that exists. Only root can choose: servers do not run as root, and a
 * setuid program shows nothing to a caller that is root already.
 */
export function unprivilegedAccount(...names: readonly string[]): Account {
  if (process.getuid?.() !== 0) return { name: userInfo().username, identity: {} };
  for (const name of names) {
    const uid = identifier('-u', name);
    const gid = identifier('-g', name);
    if (uid !== undefined && gid !== undefined) return { name, identity: { uid, gid } };
  }
  throw new Error(`none of the accounts ${names.join(', ')} exists; the demo runs its servers as one of them`);
}

function identifier(option: string, name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : undefined;
}

/** Options of setpriv(1) for a program that is to run as the account. */
export function identityOptions({ identity: { uid, gid } }: Account): string[] {
  if (uid === undefined || gid === undefined) return [];
  return [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
}

/** Whether the account may run the program, or pass through the directory. */
export function canEnter({ identity }: Account, path: string): boolean {
  return spawnSync('test', ['-x', path], { ...identity }).status === 0;
}

/** What the account's programs get: nothing of the caller's environment, but the usual paths. */
export function plainEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', HOME: home, TMPDIR: home, LANG: 'C.UTF-8' };
}
