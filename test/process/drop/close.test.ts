// SPDX-License-Identifier: MIT
// What the call closes, as libuv's handles of it see that: each is closed, none spins, and no descriptor
// is left.
import { runInChild } from '../../support/child';
import { startEchoServer } from '../../support/network';
import { timeFactor } from '../../support/time';
import { byProvider } from '../support/provider';

jest.setTimeout(120_000);

/** Milliseconds of processor time that half a second may cost; a loop that spins costs all of it. */
const idle = 150 * timeFactor;

it("residuals: 'close' and listeners: 'close' under living handles, beside a connection that is kept", async () => {
  const echo = await startEchoServer();
  const result = await runInChild(
    async ({ library, dgram, net, fs, events, timers, attempt, connect, exchange, listen, tryConnect }, input) => {
      const kept = await connect(input.port);
      const datagrams = dgram.createSocket('udp4').bind(0, '127.0.0.1');
      await events.once(datagrams, 'listening');
      const server = net.createServer((socket) => socket.destroy());
      const port = await listen(server);
      const seen: string[] = [];
      for (const handle of [datagrams, server]) handle.on('error', (error: Error) => seen.push(String(error)));
      const send = async () =>
        attempt(
          async () =>
            new Promise<void>((resolve, reject) => {
              datagrams.send('x', datagrams.address().port, '127.0.0.1', (error) => {
                if (error === null) resolve();
                else reject(error);
              });
            }),
        );
      const before = [await send(), await tryConnect(port)];
      const count = fs.readdirSync('/proc/self/fd').length;
      const ended = events.once(server, 'close');
      const receipt = library.disableNetwork({ residuals: 'close', listeners: 'close', explain: false });
      const start = process.cpuUsage();
      const after = await send();
      await timers.setTimeout(500);
      const { user, system } = process.cpuUsage(start);
      const bytes = await exchange(kept, 100_000);
      await ended;
      // Already closed, or kept by the kernel patch.
      await attempt(() => datagrams.close());
      await timers.setTimeout(50);
      const freed = count - fs.readdirSync('/proc/self/fd').length;
      const kinds = receipt.closed.map(({ kind, state }) => `${kind} ${String(state)}`).sort();
      const cpu = (user + system) / 1000;
      return { before, kinds, after, seen, bytes: bytes.length, freed, cpu };
    },
    { port: echo.port },
  );
  echo.close();
  expect(result).toMatchObject({
    before: ['ok', 'ok'],
    // What the kernel refuses at use is no residual, and stays.
    ...byProvider({
      lsm: { kinds: ['tcp listening'], after: 'EPERM' },
      landlock: { kinds: ['tcp listening', 'udp unconnected'], after: 'ERR_SOCKET_DGRAM_NOT_RUNNING' },
    }),
    seen: [],
    bytes: 64,
    freed: 2,
  });
  expect(result.cpu).toBeLessThan(idle);
});
