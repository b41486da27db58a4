// SPDX-License-Identifier: MIT
// What a program may rely on goes on: functions as they were, errors that nobody handles end the
// process, and nothing piles up.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInChild } from '../../support/child';
import { repository, temporaryFolder } from '../../support/folders';
import { runBeside } from '../cli/command';
import { startServers, type Servers } from './servers';
import { byProvider } from '../support/provider';

jest.setTimeout(120_000);

const library = join(repository, 'dist/index.js');
const sentence = 'This process disabled its network (disablenetwork), so ';
const folder = temporaryFolder();
let servers: Servers;

beforeAll(async () => {
  servers = await startServers();
});

afterAll(() => {
  servers.close();
  folder.remove();
});

/** Runs a program that drops the network when its first argument says so. */
async function runProgram(extension: 'cjs' | 'mjs', text: string, mode: 'before' | 'after') {
  const file = join(folder.path, `program.${extension}`);
  const load =
    extension === 'cjs'
      ? `const { disableNetwork, isNetworkDisabledError } = require(${JSON.stringify(library)});`
      : `import { disableNetwork, isNetworkDisabledError } from ${JSON.stringify(library)};`;
  writeFileSync(file, `${load}\nif (process.argv[2] === 'after') disableNetwork();\n${text}\n`);
  return runBeside(process.execPath, [file, mode]);
}

it('keeps the functions that it looks into as they were', async () => {
  const result = await runInChild(async ({ library: { disableNetwork }, dgram, dns, os }) => {
    const { promisify } = process.getBuiltinModule('node:util');
    const look = async (): Promise<unknown> => {
      const functions: Record<string, unknown> = {
        ...dns,
        ...dns.promises,
        networkInterfaces: os.networkInterfaces,
        ...Object.getOwnPropertyDescriptors(dgram.Socket.prototype),
      };
      const shapes = Object.entries(functions).map(([key, value]) =>
        typeof value === 'function' ? [key, value.name, value.length, Reflect.ownKeys(value).map(String)] : [key],
      );
      const thrown = (action: () => unknown): unknown => {
        try {
          return [action()];
        } catch (error) {
          return [(error as NodeJS.ErrnoException).code, (error as Error).message];
        }
      };
      const lookup = dns.lookup as unknown as (...args: unknown[]) => object;
      const { request, args, receiver } = await new Promise<{ request: object; args: unknown[]; receiver: boolean }>(
        (resolve) => {
          const returned = lookup('localhost', { all: true }, function (this: unknown, ...results: unknown[]) {
            resolve({ request: returned, args: results, receiver: this === returned });
          });
        },
      );
      return {
        shapes,
        request: [request.constructor.name, args, receiver],
        promisified: await promisify(dns.lookup)('127.0.0.1'),
        promise: dns.promises.lookup('127.0.0.1') instanceof Promise,
        thrown: [
          thrown(() => lookup()),
          thrown(() => lookup(1, () => undefined)),
          thrown(() => lookup('localhost', {})),
          thrown(() => lookup('localhost', { family: 5 }, () => undefined)),
          thrown(() => (dns.resolve4 as unknown as () => void)()),
          thrown(() => (dns.lookupService as (...given: unknown[]) => void)('localhost', 1, () => undefined)),
          thrown(() => (dns.promises.lookup as unknown as (name: number) => void)(1)),
        ],
      };
    };
    const before = await look();
    disableNetwork();
    return { before, after: await look() };
  }, null);
  expect(result.after).toEqual(result.before);
});

it.each([
  ['net', "require('node:net').connect(1, '127.0.0.1');", 'connect 127.0.0.1:1'],
  ['net.Server', "require('node:net').createServer().listen(1, '192.0.2.1');", 'listen 192.0.2.1:1'],
  ['http', "require('node:http').get('http://127.0.0.1:1');", 'connect 127.0.0.1:1'],
  ['fetch', "fetch('http://127.0.0.1:2');", 'connect 127.0.0.1:2'],
  [
    'dns.promises',
    "require('node:dns').promises.lookup('disablenetwork.invalid');",
    'getaddrinfo disablenetwork.invalid',
  ],
])('ends the process for an error of %s that nobody handles', async (_name, text, call) => {
  const before = await runProgram('cjs', text, 'before');
  const after = await runProgram('cjs', text, 'after');
  expect([before.status, before.stdout, after.status, after.stdout]).toEqual([1, '', 1, '']);
  expect(before.stderr).not.toContain('disablenetwork)');
  expect(after.stderr).toContain(`[ERR_DISABLENETWORK_DENIED]: ${sentence}${call} was refused (`);
  expect(after.stderr).toContain("systemCode: '");
  const structure = (text: string): string[] => text.match(/Unhandled 'error' event|Emitted 'error' event/g) ?? [];
  expect(structure(after.stderr)).toEqual(structure(before.stderr));
});

it('reaches named imports, and what has changed the servers', async () => {
  const text = `import dns, { lookup, promises } from 'node:dns';
import { lookup as lookupAsync } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
dns.setServers(['127.0.0.1:${String(servers.ports.dns)}']);
const say = (error) => console.log(error ? (isNetworkDisabledError(error) ? 'ours' : error.code) : 'ok');
const name = 'disablenetwork.invalid';
await new Promise((resolve) => lookup(name, (error) => resolve(say(error))));
await lookupAsync(name).then(() => say(), say);
await promises.lookup(name).then(() => say(), say);
await new Promise((resolve) => dns.resolve4(name, (error) => resolve(say(error))));
try { networkInterfaces(); say(); } catch (error) { say(error); }`;
  const before = await runProgram('mjs', text, 'before');
  expect(before.stdout).toMatch(/^(ENOTFOUND\n|EAI_AGAIN\n){3}ok\nok\n$/);
  expect(await runProgram('mjs', text, 'after')).toMatchObject({ status: 0, stdout: 'ours\n'.repeat(5), stderr: '' });
});

it('is no handler, and does not pile up where something is tried again and again', async () => {
  const result = await runInChild(async ({ library: { disableNetwork }, attempt, events, net }) => {
    const warnings: string[] = [];
    process.on('warning', (warning) => warnings.push(warning.name));
    disableNetwork();
    disableNetwork();
    const socket = new net.Socket();
    const server = net.createServer();
    const codes = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      codes.add(await attempt(() => events.once(socket.connect(1, '127.0.0.1'), 'connect')));
      codes.add(await attempt(() => events.once(server.listen(0), 'listening')));
    }
    return {
      codes: [...codes],
      handlers: [socket.listenerCount('error'), server.listenerCount('error')],
      monitors: [socket.listenerCount(events.errorMonitor), server.listenerCount(events.errorMonitor)],
      warnings,
    };
  }, null);
  expect(result).toEqual({ codes: ['ERR_DISABLENETWORK_DENIED'], handlers: [0, 0], monitors: [1, 1], warnings: [] });
});

it('explains to a Worker that asks for it', async () => {
  const result = await runInChild(async ({ library: { disableNetwork }, paths, workers }) => {
    const act = `require('node:net').connect(1, '127.0.0.1')
      .on('error', (error) => require('node:worker_threads').parentPort.postMessage(error.code));`;
    const ask = `require(${JSON.stringify(paths.library)}).disableNetwork();`;
    const codeOf = async (code: string) =>
      new Promise((resolve) => new workers.Worker(code, { eval: true }).once('message', resolve));
    const before = await codeOf(act);
    disableNetwork();
    return [before, await codeOf(act), await codeOf(ask + act)];
  }, null);
  // Modules are loaded anew in each Worker: one that does not ask has nobody to explain.
  expect(result).toEqual(['ECONNREFUSED', 'EPERM', 'ERR_DISABLENETWORK_DENIED']);
});

it('explains lookups of a UDP socket that is kept, and what it sends to addresses where that is refused', async () => {
  const result = await runInChild(async ({ library: { disableNetwork }, dgram, events }, port) => {
    const sockets = [dgram.createSocket('udp4').bind(0), dgram.createSocket('udp6').bind(0)] as const;
    await Promise.all(sockets.map((socket) => events.once(socket, 'listening')));
    const [byCallback, byEvent] = sockets;
    const echo = async (): Promise<string> => {
      const failed = new Promise<string>((resolve) => {
        byCallback.send('hello', port, '127.0.0.1', (error) => {
          if (error !== null) resolve((error as NodeJS.ErrnoException).code ?? '');
        });
      });
      const came = events.once(byCallback, 'message').then(([message]) => String(message));
      return Promise.race([failed, came]);
    };
    const codes = async (): Promise<unknown[]> => {
      const sent = new Promise((resolve) => {
        byCallback.send('hello', port, 'disablenetwork.invalid', (error) =>
          resolve((error as { code?: string } | null)?.code),
        );
      });
      byEvent.send('hello', port, 'disablenetwork.invalid');
      const [error] = (await Promise.race([
        events.once(byEvent, 'message'),
        new Promise((resolve) => byEvent.once('error', (failure) => resolve([failure]))),
      ])) as [{ code?: string }];
      return [await sent, error.code];
    };
    const before = [await echo(), await codes()];
    const { accepted } = disableNetwork({ residuals: ['udp-socket'] });
    return { before, accepted: accepted.length, after: [await echo(), await codes()] };
  }, servers.ports.udp);
  const ordinary = expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) as string;
  expect(result).toEqual({
    before: ['hello', [ordinary, ordinary]],
    accepted: byProvider({ lsm: 0, landlock: 2 }),
    after: [
      byProvider({ lsm: 'ERR_DISABLENETWORK_DENIED', landlock: 'hello' }),
      ['ERR_DISABLENETWORK_DENIED', 'ERR_DISABLENETWORK_DENIED'],
    ],
  });
});
