// SPDX-License-Identifier: MIT
// A connection that was open moves bytes before, during and after the drop; a new one is refused.
import { createCertificate, type Certificate } from '../../support/certificate';
import { runInChild, startInChild } from '../../support/child';
import { exchange, type EchoServer } from '../../support/network';
import { openEcho, protocols, serveEcho } from '../../support/protocols';
import { refusal } from '../../support/refusal';

jest.setTimeout(120_000);

const megabyte = 1024 * 1024;

let certificate: Certificate;
beforeAll(() => {
  certificate = createCertificate();
});

const servers: EchoServer[] = [];
afterEach(() => {
  servers.splice(0).forEach((server) => {
    server.close();
  });
});

describe.each(protocols)('%s', (protocol) => {
  it('as a client', async () => {
    const server = await serveEcho(protocol, certificate);
    servers.push(server);
    const input = { protocol, port: server.port, certificate, size: megabyte };
    const result = await runInChild(
      async ({ attempt, exchange: swap, library, protocols: { openEcho: open } }, options) => {
        const connectAgain = async (): Promise<string> =>
          attempt(async () => (await open(options.protocol, options.port, options.certificate)).destroy());
        const stream = await open(options.protocol, options.port, options.certificate);
        const before = await connectAgain();
        const hashes = [await swap(stream, options.size)];
        hashes.push(await swap(stream, 4 * options.size, () => library.disableNetwork()));
        hashes.push(await swap(stream, options.size));
        return { hashes: new Set(hashes).size, before, after: await connectAgain() };
      },
      input,
    );
    expect(result).toEqual({ hashes: 3, before: 'ok', after: refusal });
  });

  it('as a server, which also accepts new connections on its listening socket', async () => {
    const child = startInChild(
      async ({ library, next, protocols: { serveEcho: serve }, report, tryConnect }, options) => {
        const { port } = await serve(options.protocol, options.certificate);
        report(port);
        await next();
        const before = await tryConnect(port);
        const receipt = library.disableNetwork();
        report([
          before,
          await tryConnect(port),
          receipt.kept.filter(({ kind }) => kind === 'tcp').map(({ state }) => state),
        ]);
        await next();
      },
      { protocol, certificate },
    );
    const port = await child.report<number>();
    const stream = await openEcho(protocol, port, certificate);
    await exchange(stream, megabyte);
    await exchange(stream, 4 * megabyte, () => {
      child.send('drop');
    });
    expect(await child.report()).toEqual([
      'ok',
      refusal,
      expect.arrayContaining(['listening', 'connected']) as string[],
    ]);
    await exchange(stream, megabyte);
    const another = await openEcho(protocol, port, certificate);
    await exchange(another, megabyte);
    stream.destroy();
    another.destroy();
    child.send('end');
    await child.result;
  });
});
