// SPDX-License-Identifier: MIT
// Programs that refuse to run as root, or would do something else as root, run as somebody else.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync } from 'node:fs';

/** A command that becomes the one behind it, as that user; nothing for who is not root anyway. */
export function asUser(name: string, folder: string): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  const [user, group] = [id('-u'), id('-g')];
  chmodSync(folder, 0o755);
  chownSync(folder, user, group);
  return ['setpriv', `--reuid=${user}`, `--regid=${group}`, '--clear-groups', '--'];
}
