// SPDX-License-Identifier: MIT
// `node --import disablenetwork/register`: dropped before the program's first line, or no program.
import { createServer, type Server } from 'node:net';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository, temporaryFolder } from '../support/folders';
import { listen } from '../support/network';
import { runBeside } from './cli/command';

jest.setTimeout(120_000);

const register = pathToFileURL(path.join(repository, 'dist/register.js')).href;
const folder = temporaryFolder();
let server: Server;
let port = 0;

beforeAll(async () => {
  server = createServer((socket) => socket.end('hello'));
  port = await listen(server);
});

afterAll(() => {
  server.close();
  folder.remove();
});

function writeModule(name: string, text: string): string {
  const file = path.join(folder.path, name);
  writeFileSync(file, text);
  return file;
}

/** A program that says whether it can connect, as CommonJS and as a module. */
const tryConnect = `console.log('started');
net.connect(Number(process.argv[2]), '127.0.0.1').on('data', String).on('error', (error) => console.log(error.code))
  .on('close', (failed) => console.log(failed ? 'refused' : 'connected'));`;
const programs = () => [
  writeModule('program.cjs', `const net = require('node:net');\n${tryConnect}`),
  writeModule('program.mjs', `import net from 'node:net';\n${tryConnect}`),
];

async function run(program: string, nodeArguments: string[], options?: string) {
  const env = { ...process.env };
  delete env['DISABLENETWORK_OPTIONS'];
  if (options !== undefined) env['DISABLENETWORK_OPTIONS'] = options;
  return runBeside(process.execPath, [...nodeArguments, program, String(port)], { env });
}

it.each(['--import', '--require'])('%s drops the network before the program starts', async (option) => {
  const file = option === '--import' ? register : path.join(repository, 'dist/register.js');
  for (const program of programs()) {
    expect((await run(program, [])).stdout).toBe('started\nconnected\n');
    const { status, stdout, stderr } = await run(program, [option, file]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^started\n(EPERM|ERR_DISABLENETWORK_DENIED)\nrefused\n$/);
  }
});

it('takes the options from the environment', async () => {
  const program = writeModule(
    'status.cjs',
    `console.log(JSON.stringify(require('${repository}/dist/index.js').networkStatus()))`,
  );
  const { stdout } = await run(program, ['--import', register], '{"unixSockets":"all","provider":"seccomp"}');
  expect(JSON.parse(stdout)).toMatchObject({ network: 'disabled', unixSockets: 'all' });
});

it.each([
  ['{"unixSocket":"all"}', "unknown option 'unixSocket'"],
  ['{"unixSockets":"al"}', "'al'"],
  ['{"residuals":["udp-sockt"]}', "Did you mean 'udp-socket'?"],
  ['{', 'DISABLENETWORK_OPTIONS is no JSON'],
  ['', 'DISABLENETWORK_OPTIONS is no JSON'],
])('does not start the program with the options %j', async (options, message) => {
  for (const program of programs()) {
    const { status, stdout, stderr } = await run(program, ['--import', register], options);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('disablenetwork/register: ');
    expect(stderr).toContain(message);
  }
});

describe('when the network cannot be dropped', () => {
  // The kernel patch always refuses abstract names.
  const options = '{"provider":"lsm","unixSockets":"all"}';

  it('does not start the program', async () => {
    for (const program of programs()) {
      const { status, stdout, stderr } = await run(program, ['--import', register], options);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toContain('(ERR_DISABLENETWORK_UNSUPPORTED)');
    }
  });

  it('does not start it either when an earlier module swallows exceptions', async () => {
    const swallow = writeModule('swallow.cjs', "process.on('uncaughtException', () => console.log('swallowed'));");
    const thrower = writeModule('thrower.cjs', "throw new Error('on purpose');");
    // The control: an error that is thrown passes for success.
    const [program = ''] = programs();
    expect(await run(program, ['--require', swallow, '--require', thrower])).toMatchObject({ status: 0 });
    const { status, stdout } = await run(program, ['--require', swallow, '--import', register], options);
    expect([status, stdout]).toEqual([1, '']);
  });

  it('does not start it either when standard error is closed', async () => {
    const [program = ''] = programs();
    const { status, stdout } = await runBeside('sh', [
      '-c',
      `DISABLENETWORK_OPTIONS='${options}' exec "$@" 2>&-`,
      'sh',
      ...[process.execPath, '--import', register, program, String(port)],
    ]);
    expect([status, stdout]).toEqual([1, '']);
  });

  it('does not start it either with --permission and without --allow-addons', async () => {
    const [program = ''] = programs();
    const permission = Number(process.versions.node.split('.')[0]) < 23 ? '--experimental-permission' : '--permission';
    const { status, stdout, stderr } = await run(program, [permission, '--allow-fs-read=*', '--import', register]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('--allow-addons');
  });
});

it('covers Workers and children that inherit the option', async () => {
  const program = writeModule(
    'parent.cjs',
    `const { Worker } = require('node:worker_threads');
const { fork } = require('node:child_process');
const [, , port] = process.argv;
const act = "require('node:net').connect(" + port + ", '127.0.0.1').on('error', (e) => console.log(e.code))";
new Worker(act, { eval: true }).on('exit', () => fork(__dirname + '/program.cjs', [port]));`,
  );
  programs();
  const { status, stdout, stderr } = await run(program, ['--import', register]);
  expect([status, stderr]).toEqual([0, '']);
  // One line of the Worker, and three of the child. Node runs no --import in a Worker made of a
  // string, so nothing explains the errors there.
  expect(stdout).toBe('EPERM\nstarted\nERR_DISABLENETWORK_DENIED\nrefused\n');
});
