// SPDX-License-Identifier: MIT
// In gVisor, which stands in for the kernel in many sandboxes: /proc has less there than that of Linux,
// no NoNewPrivs line above all.
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repository, temporaryFolder } from '../support/folders';
import { timeFactor } from '../support/time';
import { main, runProgram } from './cli/command';

jest.setTimeout(180_000 * timeFactor);

const folder = temporaryFolder();

afterAll(() => {
  folder.remove();
});

const rootless = process.getuid?.() === 0 ? [] : ['--rootless'];
const options = ['--network=none', '--platform=ptrace', '--ignore-cgroups', ...rootless, 'do'];

/** Runs Node in gVisor; what it writes comes through a pipe, for gVisor has an offset of its own in files. */
function runInside(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return runProgram('runsc', [...options, process.execPath, ...args], { timeout: 120_000 * timeFactor });
}

it('check names the sandbox, and what it can do', () => {
  const { status, stdout } = runInside([main, 'check']);
  expect(stdout).toMatch(/^kernel +linux \S+ \S+, so says gVisor, which stands in for it$/m);
  expect(stdout).toMatch(/^provider +seccomp$/m);
  expect(stdout).not.toContain('Use a kernel since');
  expect(status).toBe(0);
});

it('run starts the command', () => {
  expect(runInside([main, 'run', '--', '/bin/echo', 'started'])).toMatchObject({ status: 0, stdout: 'started\n' });
});

it('run takes a file of the machine outside for standard output', () => {
  const output = openSync(path.join(folder.path, 'output'), 'w+');
  const started = [process.execPath, main, 'run', '--', '/bin/echo', 'started'];
  const { status } = spawnSync('runsc', [...options, ...started], { stdio: ['ignore', output, output] });
  closeSync(output);
  expect([status, readFileSync(path.join(folder.path, 'output'), 'utf8')]).toEqual([0, 'started\n']);
});

it('the network is dropped in every thread, what is open is closed by its owners, and Unix sockets go on', () => {
  const file = path.join(folder.path, 'drop.cjs');
  writeFileSync(
    file,
    `const library = require(${JSON.stringify(path.join(repository, 'dist/index.js'))});
const net = require('node:net');
const { spawn, spawnSync } = require('node:child_process');
const { Worker } = require('node:worker_threads');
const say = (value) => console.log(JSON.stringify(value));
net.createServer((socket) => socket.pipe(socket)).listen('/tmp/echo.sock');
const other = spawn('sleep', ['100']);
const server = net.createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1', () => {
  const client = net.connect(server.address().port, '127.0.0.1').once('data', () => {
    say([library.isNetworkDisabled(), library.networkStatus().network, library.networkStatus(other.pid).network]);
    other.kill();
    say(library.planDisableNetwork().residuals.map(({ id }) => id));
    const { provider, threads, closed } = library.disableNetwork({ residuals: 'close' });
    const status = library.networkStatus();
    say([provider, threads === status.threads.length, closed.map(({ owner }) => owner), server.listening]);
    say([status.network, [...new Set(status.threads.map(({ seccompMode, noNewPrivileges }) => seccompMode + ' ' + noNewPrivileges))]]);
    const child = "console.log(require('" + ${JSON.stringify(path.join(repository, 'dist/index.js'))} + "').isNetworkDisabled())";
    say(spawnSync(process.execPath, ['-e', child], { encoding: 'utf8' }).stdout);
    net.connect('/tmp/echo.sock').end('unix').on('data', (data) => {
      say(String(data));
      net.connect(9, '127.0.0.1').on('error', (error) => {
        say([error.code, error.systemCode]);
        new Worker("require('node:net').connect(9, '127.0.0.1').on('error', ({ code }) => console.log(JSON.stringify(code)))", { eval: true })
          .on('exit', () => process.exit());
      });
    });
  });
  client.on('error', ({ code }) => say(code)).write('accepted');
});`,
  );
  const { stdout, stderr } = runInside([file]);
  expect(stderr).toBe('');
  const lines = stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    [false, 'enabled', 'enabled'],
    ['tcp-socket', 'tcp-socket', 'tcp-socket'],
    ['seccomp', true, ['net.Server', 'net.Socket', 'net.Socket'], false],
    ['disabled', ['2 null']],
    'true\n',
    'ERR_DISABLENETWORK_DENIED',
    'unix',
    ['ERR_DISABLENETWORK_DENIED', 'EPERM'],
    'EPERM',
  ]);
});
