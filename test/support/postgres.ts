// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { missing, startDaemon, withFreePort } from './daemon';
import { temporaryFolder } from './folders';

export interface Postgres {
  readonly port: number;
  /** The folder of its Unix socket: a `host` for clients. */
  readonly socketFolder: string;
  readonly user: string;
  stop(): Promise<void>;
}

/** Debian keeps each version's programs apart and out of PATH. */
function programFolder(): string {
  const versions = '/usr/lib/postgresql';
  const newest = existsSync(versions)
    ? readdirSync(versions).sort((one, other) => Number(other) - Number(one))[0]
    : undefined;
  if (newest === undefined) {
    throw missing('PostgreSQL', 'postgresql');
  }
  return join(versions, newest, 'bin');
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A server with an empty database in a throw-away folder; anyone on this machine may connect. */
export async function startPostgres(): Promise<Postgres> {
  const programs = programFolder();
  const user = unprivilegedUser();
  const folder = temporaryFolder();
  chmodSync(folder.path, 0o755); // The socket is in it; the data have a folder of their own.
  if (user !== undefined) {
    chownSync(folder.path, user.uid, user.gid);
  }
  const data = join(folder.path, 'data');
  try {
    const options = ['-D', data, '--auth=trust', '--username=test', '--encoding=UTF8', '--locale=C', '--no-sync'];
    execFileSync(join(programs, 'initdb'), options, { ...user, cwd: folder.path, stdio: 'pipe' });
    return await withFreePort(async (port) => {
      const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: folder.path, fsync: 'off' };
      const daemon = await startDaemon({
        command: join(programs, 'postgres'),
        args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${String(value)}`])],
        ready: /ready to accept connections/,
        package: 'postgresql',
        cwd: folder.path,
        ...(user === undefined ? {} : { user }),
      });
      const stop = async (): Promise<void> => {
        await daemon.stop();
        folder.remove();
      };
      return { port, socketFolder: folder.path, user: 'test', stop };
    });
  } catch (error) {
    folder.remove();
    throw error;
  }
}
