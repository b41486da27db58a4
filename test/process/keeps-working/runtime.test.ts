// SPDX-License-Identifier: MIT
// What is no network at all, but runs in the threads that the drop has visited.
import { join } from 'node:path';

import { runInChild } from '../../support/child';
import { temporaryFolder } from '../../support/folders';
import { startEchoServer, type EchoServer } from '../../support/network';
import { refusal } from '../../support/refusal';

jest.setTimeout(120_000);

let folder: ReturnType<typeof temporaryFolder>;
let server: EchoServer;
beforeAll(async () => {
  folder = temporaryFolder();
  server = await startEchoServer();
});
afterAll(() => {
  server.close();
  folder.remove();
});

/** Neither the types of Node nor the language's library know of WebAssembly. */
interface WebAssemblyOfAdd {
  instantiate(code: Uint8Array): Promise<{ instance: { exports: { add(one: number, other: number): number } } }>;
}

it('files, streams, compression, cryptography, WebAssembly, Workers and timers go on', async () => {
  const result = await runInChild(
    async ({ crypto, events, fs, library, stream, timers, tryConnect, workers, zlib }, input) => {
      const { readFile, writeFile } = fs.promises;
      const { WebAssembly: webAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyOfAdd };
      // add(a, b), by hand.
      const bytes = '0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b';
      const code = `
        const { parentPort } = require('node:worker_threads');
        parentPort.on('message', (data) => parentPort.postMessage(data.reverse()));`;
      const old = new workers.Worker(code, { eval: true });

      const ask = async (worker: typeof old): Promise<boolean> => {
        const data = crypto.randomBytes(100_000);
        const answer = events.once(worker, 'message');
        worker.postMessage(new Uint8Array(data));
        const [reversed] = (await answer) as [Uint8Array];
        return Buffer.from(reversed.reverse()).equals(data);
      };
      const round = async (name: string): Promise<Record<string, unknown>> => {
        const data = crypto.randomBytes(500_000);
        const path = `${input.folder}/${name}`;
        await stream.promises.pipeline(stream.Readable.from([data]), zlib.createGzip(), fs.createWriteStream(path));
        const chunks: Buffer[] = [];
        for await (const chunk of fs.createReadStream(path).pipe(zlib.createGunzip())) {
          chunks.push(chunk as Buffer);
        }
        await writeFile(`${path}.txt`, name);
        const key = await new Promise<string>((resolve, reject) => {
          crypto.scrypt('password', 'salt', 32, (error, derived) => {
            if (error === null) {
              resolve(derived.toString('hex'));
            } else {
              reject(error);
            }
          });
        });
        const { privateKey, publicKey } = crypto.generateKeyPairSync('ed25519');
        const { instance } = await webAssembly.instantiate(Buffer.from(bytes, 'hex'));
        const fresh = new workers.Worker(code, { eval: true });
        const { port1, port2 } = new MessageChannel();
        const message = events.once(port2, 'message');
        port1.postMessage('through the channel');
        const [{ data: heard }] = (await message) as [{ data: unknown }];
        port1.close();
        return {
          same: Buffer.concat(chunks).equals(data),
          text: await readFile(`${path}.txt`, 'utf8'),
          key,
          signed: crypto.verify(null, data, publicKey, crypto.sign(null, data, privateKey)),
          sum: instance.exports.add(40, 2),
          old: await ask(old),
          fresh: await ask(fresh),
          ended: await fresh.terminate(),
          heard,
          timer: await timers.setTimeout(1, 'rang'),
          random: crypto.randomUUID().length,
        };
      };
      const before = { ...(await round('before')), connect: await tryConnect(input.port) };
      library.disableNetwork();
      return { before, after: { ...(await round('after')), connect: await tryConnect(input.port) } };
    },
    { folder: folder.path, port: server.port },
  );
  expect(result.before).toMatchObject({ same: true, signed: true, sum: 42, old: true, fresh: true, connect: 'ok' });
  expect(result.after).toEqual({ ...result.before, text: 'after', connect: refusal });
});

it('a timer and a busy stream of files that span the drop lose nothing', async () => {
  const result = await runInChild(
    async ({ crypto, fs, library, stream }, path) => {
      const data = crypto.randomBytes(8 * 1024 * 1024);
      let ticks = 0;
      const timer = setInterval(() => ticks++, 1);
      let dropped = 0;
      let seen = 0;
      const inTheMiddle = new stream.Transform({
        transform: (chunk: Buffer, _encoding, done) => {
          seen += chunk.length;
          if (dropped === 0 && seen * 2 > data.length) {
            library.disableNetwork();
            dropped = ticks;
          }
          done(null, chunk);
        },
      });
      const chunks = Array.from({ length: 128 }, (_, index) => data.subarray(index * 65536, (index + 1) * 65536));
      await stream.promises.pipeline(stream.Readable.from(chunks), inTheMiddle, fs.createWriteStream(path));
      const written = (await fs.promises.readFile(path)).equals(data);
      while (ticks <= dropped + 3) {
        await new Promise(setImmediate);
      }
      clearInterval(timer);
      return { written, disabled: library.isNetworkDisabled() };
    },
    join(folder.path, 'large'),
  );
  expect(result).toEqual({ written: true, disabled: true });
});
