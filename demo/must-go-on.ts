// SPDX-License-Identifier: MIT
// What is no network, or was open before: each must work as well after the drop as before.
import { execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { Client } from 'pg';
import type { Operation, Settings } from './protocol';

const execute = promisify(execFile);

export async function mustGoOn(settings: Settings): Promise<Record<string, Operation>> {
  const { postgres, programs, display, home } = settings;
  const secure = connect({
    host: '127.0.0.1',
    port: settings.ports.tls,
    ca: settings.certificate,
    servername: 'localhost',
  });
  await once(secure, 'secureConnect');

  return {
    tls: async (token) => {
      secure.write(token);
      const [chunk] = (await once(secure, 'data')) as [Buffer];
      return chunk.toString();
    },
    unix: async (token) => {
      const { directory: host, port, user, password } = postgres;
      const client = new Client({ host, port, user, password, database: 'postgres' });
      await client.connect();
      const result = await client.query<{ digest: string }>('SELECT md5($1) AS digest', [token]);
      await client.end();
      return result.rows[0]?.digest ?? '';
    },
    pipes: async (token) => {
      const sort = spawn(programs.sort, ['--reverse']);
      sort.stdin.end(Array.from(token).join('\n'));
      return (await text(sort.stdout)).replaceAll('\n', '');
    },
    fork: async (token) => {
      const child = fork(join(__dirname, 'child.js'));
      child.send(token);
      const [digest] = (await once(child, 'message')) as [string];
      await once(child, 'exit');
      return digest;
    },
    display: async () => {
      const { stdout } = await execute(programs.xdpyinfo, ['-display', display]);
      return /dimensions:\s+(\d+x\d+)/.exec(stdout)?.[1] ?? '';
    },
    files: async (token) => {
      const directory = await mkdtemp(join(home, 'files-'));
      const file = join(directory, 'file');
      await writeFile(file, token);
      await sleep(5);
      const content = await readFile(file, 'utf8');
      await rm(directory, { recursive: true });
      return content;
    },
  };
}
