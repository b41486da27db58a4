// SPDX-License-Identifier: MIT
import { join } from 'node:path';

import { runInChild, startInChild } from '../../support/child';
import { temporaryFolder } from '../../support/folders';
import { connect, exchange, startEchoServer, type EchoServer } from '../../support/network';
import { refusal } from '../../support/refusal';
import { byProvider, provider } from '../support/provider';

jest.setTimeout(120_000);

const size = 1024 * 1024;

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let unix: EchoServer;
let tcp: EchoServer;
beforeAll(async () => {
  folder = temporaryFolder();
  path = join(folder.path, 'echo');
  unix = await startEchoServer(path);
  tcp = await startEchoServer();
});
afterAll(() => {
  unix.close();
  tcp.close();
  folder.remove();
});

it('an open connection goes on and new ones by pathname are made', async () => {
  const result = await runInChild(
    async ({ connect: open, exchange: swap, library, tryConnect }, input) => {
      const stream = await open(input.path);
      const hashes = [await swap(stream, input.size)];
      const before = await tryConnect(input.port);
      hashes.push(await swap(stream, input.size, () => library.disableNetwork()));
      hashes.push(await swap(stream, input.size));
      hashes.push(await swap(await open(input.path), input.size));
      return { hashes: new Set(hashes).size, before, after: await tryConnect(input.port) };
    },
    { path, port: tcp.port, size },
  );
  expect(result).toEqual({ hashes: 4, before: 'ok', after: refusal });
});

it('a server on a pathname can be started after the drop when no TCP socket was kept', async () => {
  const ownPath = join(folder.path, 'own');
  const child = startInChild(
    async ({ library, next, report, startEchoServer: serve, tryConnect }, input) => {
      const before = await tryConnect(input.port);
      const receipt = library.disableNetwork();
      await serve(input.ownPath);
      report({ before, after: await tryConnect(input.port), effects: receipt.sideEffects.map(({ id }) => id) });
      await next();
    },
    { ownPath, port: tcp.port },
  );
  const { before, after, effects } = await child.report<{ before: string; after: string; effects: string[] }>();
  expect([before, after]).toEqual(['ok', refusal]);
  expect(effects).not.toContain('unix-listen');
  const stream = await connect(ownPath);
  await exchange(stream, size);
  stream.destroy();
  child.send('end');
  await child.result;
});

it('with a TCP socket kept a server can be started by the kernel patch alone, and the receipt says so', async () => {
  const result = await runInChild(
    async ({ attempt, connect: open, exchange: swap, library, startEchoServer: serve }, input) => {
      const kept = await open(input.port);
      const before = await attempt(async () => serve(`${input.folder}/before`));
      const old = await open(`${input.folder}/before`);
      const receipt = library.disableNetwork();
      const after = await attempt(async () => serve(`${input.folder}/after`));
      await swap(kept, input.size);
      // The server that was there goes on, for old and new connections.
      await swap(old, input.size);
      await swap(await open(`${input.folder}/before`), input.size);
      return { before, after, effects: receipt.sideEffects.map(({ id }) => id) };
    },
    { folder: folder.path, port: tcp.port, size },
  );
  expect(result.before).toBe('ok');
  expect(result.after).toEqual(byProvider({ lsm: 'ok', landlock: refusal }));
  expect(result.effects.includes('unix-listen')).toBe(provider !== 'lsm');
});

it("with unixSockets 'connected' what was connected goes on and nothing new is", async () => {
  const result = await runInChild(
    async ({ connect: open, exchange: swap, library, tryConnect }, input) => {
      const stream = await open(input.path);
      const before = await tryConnect(input.path);
      library.disableNetwork({ unixSockets: 'connected' });
      const hash = await swap(stream, input.size);
      return { before, after: await tryConnect(input.path), moved: hash.length };
    },
    { path, size },
  );
  expect(result).toMatchObject({ before: 'ok', moved: 64 });
  expect(result.after).toEqual(refusal);
});
