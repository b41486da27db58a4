// SPDX-License-Identifier: MIT
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';

import { runInChild } from '../../support/child';
import { startDaemon, withFreePort, type Daemon } from '../../support/daemon';
import { temporaryFolder } from '../../support/folders';
import { listen } from '../../support/network';

jest.setTimeout(180_000);

let folder: ReturnType<typeof temporaryFolder>;
beforeAll(() => {
  folder = temporaryFolder();
});
afterAll(() => {
  folder.remove();
});

describe('curl', () => {
  const body = randomBytes(1024 * 1024);
  let servers: Server[];
  beforeAll(() => {
    servers = [1, 2].map(() => createServer((_request, response) => response.end(body)));
  });
  afterAll(() => {
    servers.forEach((server) => {
      server.closeAllConnections();
      server.close();
    });
  });

  it('is refused over TCP and works over a Unix socket', async () => {
    const [tcp, unix] = servers as [Server, Server];
    const path = join(folder.path, 'http');
    await listen(unix, path);
    const { before, after, downloads } = await runInChild(
      ({ childProcess, library }, input) => {
        const curl = (...args: string[]): { status: number | null; hex: string } => {
          const options = ['--silent', '--max-time', '60', ...args];
          const { status, stdout } = childProcess.spawnSync('curl', options, { maxBuffer: 2 ** 24 });
          return { status, hex: stdout.toString('base64') };
        };
        const downloads: string[] = [];
        const round = (): (number | null)[] =>
          [curl(`http://127.0.0.1:${String(input.port)}/`), curl('--unix-socket', input.path, 'http://host/')].map(
            ({ status, hex }) => {
              if (status === 0) {
                downloads.push(hex);
              }
              return status;
            },
          );
        const before = round();
        library.disableNetwork();
        return { before, after: round(), downloads };
      },
      { port: await listen(tcp), path },
    );
    // 7: failed to connect.
    expect({ before, after }).toEqual({ before: [0, 0], after: [7, 0] });
    expect(new Set(downloads)).toEqual(new Set([body.toString('base64')]));
  });
});

describe('git', () => {
  let daemon: Daemon & { port: number };
  beforeAll(async () => {
    daemon = await withFreePort(async (port) => {
      const listening = ['--listen=127.0.0.1', `--port=${String(port)}`, '--reuseaddr'];
      const options = ['--verbose', '--export-all', `--base-path=${folder.path}`];
      const ready = /Ready to rumble/;
      const args = ['daemon', ...listening, ...options, folder.path];
      return { ...(await startDaemon({ command: 'git', args, ready, package: 'git' })), port };
    });
  });
  afterAll(async () => {
    await daemon.stop();
  });

  it('commits, clones, pushes and collects locally, and cannot reach a server', async () => {
    const { before, after } = await runInChild(
      ({ childProcess, fs, library }, input) => {
        const identity = [
          '-c',
          'user.name=Test',
          '-c',
          'user.email=test@localhost',
          '-c',
          'protocol.file.allow=always',
        ];
        const environment = { ...process.env, GIT_CONFIG_NOSYSTEM: '1', HOME: input.folder, GIT_TERMINAL_PROMPT: '0' };
        const git = (...args: string[]): { status: number | null; text: string } => {
          const { status, stderr, stdout } = childProcess.spawnSync('git', [...identity, ...args], {
            encoding: 'utf8',
            env: environment,
          });
          return { status, text: stdout + stderr };
        };
        const round = (name: string): unknown => {
          const path = `${input.folder}/${name}`;
          const done = [git('init', '--quiet', path)];
          for (let index = 0; index < 20; index++) {
            fs.writeFileSync(`${path}/file-${String(index)}`, `${name} ${String(index)}\n`.repeat(1000));
          }
          done.push(git('-C', path, 'add', '.'), git('-C', path, 'commit', '--quiet', '--message', name));
          done.push(git('clone', '--quiet', '--bare', path, `${path}.git`));
          done.push(git('clone', '--quiet', `file://${path}.git`, `${path}-clone`));
          fs.writeFileSync(`${path}-clone/more`, name);
          done.push(
            git('-C', `${path}-clone`, 'add', '.'),
            git('-C', `${path}-clone`, 'commit', '--quiet', '-m', 'more'),
          );
          done.push(git('-C', `${path}-clone`, 'push', '--quiet'), git('-C', `${path}.git`, 'gc', '--quiet'));
          const remote = git('clone', '--quiet', `git://127.0.0.1:${String(input.port)}/${name}.git`, `${path}-remote`);
          return {
            local: done.map(({ status }) => status),
            heads: new Set([path, `${path}-clone`, `${path}.git`].map((at) => git('-C', at, 'rev-list', '--all').text))
              .size,
            remote: remote.status,
            refused: remote.text.includes('Operation not permitted'),
          };
        };
        const before = round('before');
        library.disableNetwork();
        return { before, after: round('after') };
      },
      { folder: folder.path, port: daemon.port },
    );
    const local = { local: Array.from({ length: 9 }, () => 0), heads: 2 };
    expect(before).toEqual({ ...local, remote: 0, refused: false });
    expect(after).toEqual({ ...local, remote: 128, refused: true });
  });
});
