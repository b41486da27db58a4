// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { unprivilegedAccount } from './account';
import type { Program } from './requirements';
import { freePort, type Place, runProgram, startServer, waitUntil } from './start';

export interface Postgres {
  readonly port: number;
  /** The directory of its Unix socket. */
  readonly directory: string;
  readonly user: string;
  readonly password: string;
  readonly version: string;
}

/**
 * Starts a PostgreSQL of its own: a throw-away data directory, a free port of 127.0.0.1, a Unix
 * socket in the same directory, and a password, since other users of the machine can reach both.
 */
export async function startPostgres(place: Place, programs: Record<Program, string>): Promise<Postgres> {
  const account = unprivilegedAccount('postgres', 'nobody');
  const { uid, gid } = account.identity;
  const directory = join(place.directory, 'postgresql');
  const data = join(directory, 'data');
  const passwordFile = join(directory, 'password');
  const user = 'demo';
  const password = randomBytes(16).toString('hex');

  mkdirSync(directory, { mode: 0o755 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (uid !== undefined && gid !== undefined) {
    chownSync(directory, uid, gid);
    chownSync(passwordFile, uid, gid);
  }
  const settings = ['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--locale=C', '--no-sync'];
  runProgram(programs.initdb, [`--pgdata=${data}`, `--username=${user}`, ...settings], account, directory);

  const port = await freePort();
  const server = startServer(
    place,
    account,
    programs.postgres,
    ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', directory, '-F'],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: directory, endSignal: 'SIGINT' },
  );
  let log = '';
  server.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));

  let version = '';
  await waitUntil('the start of PostgreSQL', async () => {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended at once: ${log.trim()}`);
    const client = new Client({ host: directory, port, user, password, database: 'postgres' });
    try {
      await client.connect();
      const result = await client.query<{ server_version: string }>('SHOW server_version');
      version = result.rows[0]?.server_version.split(' ')[0] ?? '';
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
    return true;
  });
  return { port, directory, user, password, version };
}
