// SPDX-License-Identifier: MIT
// `--import disablenetwork/register` in execArgv reaches each Worker: the promise is the process's, and
// what has been opened since, a connection that the cluster's primary handed over, ends no Worker.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { repository, temporaryFolder } from '../support/folders';
import { runBeside } from './cli/command';

jest.setTimeout(180_000);

const register = pathToFileURL(path.join(repository, 'dist/register.js')).href;
const library = path.join(repository, 'dist/index.js');
const folder = temporaryFolder();

afterAll(() => {
  folder.remove();
});

function write(name: string, text: string): string {
  const file = path.join(folder.path, name);
  writeFileSync(file, text);
  return file;
}

async function run(program: string, environment: NodeJS.ProcessEnv = {}, nodeArguments = ['--import', register]) {
  const env = { ...process.env, ...environment };
  if (environment['DISABLENETWORK_OPTIONS'] === undefined) delete env['DISABLENETWORK_OPTIONS'];
  return runBeside(process.execPath, [...nodeArguments, program], { env });
}

/** Says what a connection comes to, and then starts a Worker of its own, `depth` times. */
const worker = () =>
  write(
    'worker.cjs',
    `const { Worker, workerData: depth, parentPort } = require('node:worker_threads');
const { isNetworkDisabledError } = require('${library}');
require('node:net').connect(9, '127.0.0.1').on('error', (error) => {
  const mine = error.code + ' ' + isNetworkDisabledError(error);
  if (depth === 0) return parentPort.postMessage([mine]);
  new Worker(__filename, { workerData: depth - 1 }).on('message', (more) => parentPort.postMessage([mine, ...more]))
    .on('exit', (code) => code && parentPort.postMessage([mine, 'ended with ' + code]));
});`,
  );

const denied = 'ERR_DISABLENETWORK_DENIED true';

it('a cluster worker answers a request from a Worker that was started for it', async () => {
  const program = write(
    'cluster.cjs',
    `const cluster = require('node:cluster');
const http = require('node:http');
const { Worker } = require('node:worker_threads');
if (cluster.isPrimary) {
  cluster.setupPrimary({ execArgv: process.argv[2] === 'plain' ? [] : ['--import', '${register}'] });
  const child = cluster.fork();
  child.on('listening', ({ port }) => http.get({ port, host: '127.0.0.1' }, async (response) => {
    let text = '';
    for await (const part of response) text += part;
    console.log(text);
    child.kill();
    process.exit();
  }));
} else {
  http.createServer((_request, response) => {
    new Worker('${worker()}', { workerData: 1 }).on('message', (message) => response.end(message.join()))
      .on('exit', (code) => code && response.end('ended with ' + code));
  }).listen(0, '127.0.0.1');
}`,
  );
  expect((await run(program, {}, [])).stdout).toBe(`${denied},${denied}\n`);
});

it('nested Workers start, and explain their errors', async () => {
  const program = write(
    'handed.cjs',
    `const { Worker } = require('node:worker_threads');
new Worker('${worker()}', { workerData: 2 }).on('message', (message) => console.log(message.join()))
  .on('exit', (code) => code && console.log('ended with ' + code));`,
  );
  const { status, stdout, stderr } = await run(program);
  expect([status, stdout, stderr]).toEqual([0, `${denied},${denied},${denied}\n`, '']);
});

it('a Worker drops the network for all when it is the first to load it', async () => {
  const program = write(
    'first.cjs',
    `const { Worker } = require('node:worker_threads');
const { isNetworkDisabled } = require('${library}');
console.log(isNetworkDisabled());
new Worker('${worker()}', { workerData: 0, execArgv: ['--import', '${register}'] })
  .on('message', (message) => console.log(message.join(), isNetworkDisabled()));`,
  );
  expect((await run(program, {}, [])).stdout).toBe(`false\n${denied} true\n`);
});

it('a Worker whose options ask for more than is in force does not start', async () => {
  const program = write(
    'narrower.cjs',
    `const { Worker } = require('node:worker_threads');
const env = { ...process.env, DISABLENETWORK_OPTIONS: '{"unixSockets":"connected"}' };
new Worker('${worker()}', { workerData: 0, env }).on('message', (message) => console.log(message.join()))
  .on('exit', (code) => console.log('ended with ' + code));`,
  );
  const { stdout, stderr } = await run(program);
  expect(stdout).toBe('ended with 1\n');
  expect(stderr).toContain('(ERR_DISABLENETWORK_CONFLICT)');
});

it('a child process judges what it was given, as before', async () => {
  const program = write(
    'child.cjs',
    `const { spawnSync } = require('node:child_process');
const dgram = require('node:dgram').createSocket('udp4').bind(0, '127.0.0.1', () => {
  const { listDescriptors } = require('${repository}/dist/native/load.js').loadBinding();
  const { fd } = listDescriptors().find(({ socket }) => socket?.type === 2);
  const { status, stderr } = spawnSync(process.execPath, ['-e', 'console.log("started")'], {
    encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '--import ${register}' }, stdio: ['ignore', 'ignore', 'pipe', fd],
  });
  console.log(status, /ERR_DISABLENETWORK_RESIDUALS/.test(stderr));
  process.exit();
});`,
  );
  expect((await run(program, {}, [])).stdout).toBe('1 true\n');
});
