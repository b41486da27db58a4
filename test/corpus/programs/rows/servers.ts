// SPDX-License-Identifier: MIT
// Servers that are started after the drop and listen on a path.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { listen } from '../../../support/network';
import type { ProgramRow } from '../row';
import { beside, digest, run, runForBytes, serve } from '../start';
import { asUser } from '../users';

const nginxSettings = (folder: string): string => `
  daemon off;
  worker_processes 3;
  pid ${folder}/pid;
  error_log stderr notice;
  events { worker_connections 64; }
  http {
    access_log off;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
    gzip on;
    gzip_types text/plain;
    server { listen unix:${folder}/back; root ${folder}/pages; }
    server { listen unix:${folder}/front; location / { proxy_pass http://unix:${folder}/back; } }
  }`;

const nginx: ProgramRow = {
  id: 'F09.nginx',
  title: 'nginx with three workers serves files and proxies, on Unix sockets, to curl',
  packages: ['nginx-light', 'curl'],
  work: async (launcher, folder) => {
    mkdirSync(join(folder, 'pages'));
    const pages = ['a', 'b', 'c', 'd'].map((name, index) => {
      const text = `${name} `.repeat(1000 * 10 ** index);
      writeFileSync(join(folder, 'pages', `${name}.txt`), text);
      return { name: `${name}.txt`, wanted: digest(text) };
    });
    writeFileSync(join(folder, 'settings'), nginxSettings(folder));
    // The master is root, and its workers must read the pages.
    if (process.getuid?.() === 0) execFileSync('chmod', ['-R', 'a+rX', folder]);
    const command = [...launcher, 'nginx', '-p', folder, '-e', 'stderr', '-c', join(folder, 'settings')];
    const server = await serve(command, { folder }, () => existsSync(join(folder, 'front')));
    return beside(server, async () => {
      const fetched = pages.map(async ({ name, wanted }) => {
        const url = `http://localhost/${name}`;
        const curl = [
          ...launcher,
          'curl',
          '-sS',
          '--fail',
          '--compressed',
          '--unix-socket',
          join(folder, 'front'),
          url,
        ];
        const got = digest(await runForBytes(curl, { folder }));
        if (got !== wanted) throw new Error(`${name} differs from the file`);
        return `${name} ${got}`;
      });
      return (await Promise.all(fetched)).join('\n');
    });
  },
};

const curl: ProgramRow = {
  id: 'F10.curl',
  title: 'curl sends and fetches a megabyte over a Unix socket, to a server outside',
  packages: ['curl'],
  work: async (launcher, folder) => {
    const path = join(folder, 'server');
    const data = Buffer.alloc(1_000_000, 'all that is sent comes back\n');
    writeFileSync(join(folder, 'data'), data);
    const server = createServer((request, response) => void request.pipe(response));
    await listen(server, path);
    try {
      const send = ['curl', '-sS', '--fail', '--unix-socket', path, '--data-binary', '@data', 'http://localhost/'];
      return digest(await runForBytes([...launcher, ...send], { folder }));
    } finally {
      server.close();
    }
  },
};

const postgresFolder = (): string => {
  const versions = '/usr/lib/postgresql';
  const newest = readdirSync(versions).sort((one, other) => Number(other) - Number(one))[0] ?? '';
  return join(versions, newest, 'bin');
};

const table = `
  CREATE TABLE numbers AS SELECT n, md5(n::text) AS name FROM generate_series(1, 20000) AS n;
  CREATE INDEX ON numbers (name);
  ANALYZE numbers;
  SET parallel_setup_cost = 0;
  SET parallel_tuple_cost = 0;
  SET min_parallel_table_scan_size = 0;
  SELECT count(*), sum(n), min(name) FROM numbers WHERE name LIKE 'a%';
  LISTEN news;
  NOTIFY news, 'heard';`;

const postgres: ProgramRow = {
  id: 'F11.postgresql',
  title: 'PostgreSQL makes a cluster, serves psql on a Unix socket, and a dump of it',
  packages: ['postgresql', 'postgresql-client'],
  work: async (launcher, folder) => {
    const as = asUser('postgres', folder);
    const program = (name: string, ...args: string[]): string[] => [
      ...launcher,
      ...as,
      join(postgresFolder(), name),
      ...args,
    ];
    const options = { folder, environment: { PGHOST: folder, PGUSER: 'test', PGDATABASE: 'postgres' } };
    const data = join(folder, 'data');
    const settings = ['--auth=trust', '--username=test', '--encoding=UTF8', '--locale=C', '--no-sync'];
    await run(program('initdb', '-D', data, ...settings), options);
    const flags = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off', 'shared_buffers=16MB'];
    const command = program('postgres', '-D', data, ...flags.flatMap((flag) => ['-c', flag]));
    const server = await serve(command, options, (said) => said.includes('ready to accept connections'), 'SIGINT');
    return beside(server, async () => {
      const rows = await run(program('psql', '-X', '-At', '-v', 'ON_ERROR_STOP=1', '-c', table), options);
      const copy = await run(program('pg_dump', '--data-only', '--table=numbers'), options);
      const lines = copy.split('\n').filter((line) => /^\d+\t/.test(line));
      return `${rows.replace(/PID \d+/, 'PID')}${digest(lines.join('\n'))}`;
    });
  },
};

const redis: ProgramRow = {
  id: 'F12.redis',
  title: 'Redis serves redis-cli on a Unix socket: a pipeline, a script, a snapshot by its child',
  packages: ['redis-server'],
  work: async (launcher, folder) => {
    const path = join(folder, 'redis');
    const settings = ['--port', '0', '--unixsocket', path, '--dir', folder, '--save', ''];
    const options = { folder };
    const server = await serve([...launcher, 'redis-server', ...settings], options, () => existsSync(path));
    const call = async (args: readonly string[], input = ''): Promise<string> =>
      run([...launcher, 'redis-cli', '-s', path, ...args], { folder, input });
    return beside(server, async () => {
      const lines = Array.from({ length: 2000 }, (_, index) => `SET key:${index} ${randomBytes(8).toString('hex')}\n`);
      const loaded = await call(['--pipe'], lines.join(''));
      const size = await call(['DBSIZE']);
      const sum = await call([
        'EVAL',
        "local s = 0 for i = 1, 1000 do s = s + redis.call('INCRBY', KEYS[1], i) end return s",
        '1',
        'n',
      ]);
      const saved = await call(['BGSAVE']);
      while (!existsSync(join(folder, 'dump.rdb'))) await new Promise((resolve) => setTimeout(resolve, 20));
      const magic = readFileSync(join(folder, 'dump.rdb')).toString('latin1', 0, 5);
      return [/errors: 0, replies: 2000/.exec(loaded)?.[0], size, sum, saved, magic].join(' ').replace(/\s+/g, ' ');
    });
  },
};

export const serverRows = [nginx, curl, postgres, redis];
