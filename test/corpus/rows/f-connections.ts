// SPDX-License-Identifier: MIT
// F01: what goes on, in small; ../../process/keeps-working has the same with more bytes and both sides.
import type { Protocol } from '../../support/protocols';
import { row, type Row } from '../row';

const protocols: Record<string, Protocol> = { tcp: 'TCP', tls: 'TLS', http2: 'HTTP/2', websocket: 'WebSocket' };

export const connectionRows: Row[] = [
  ...Object.entries(protocols).map(([name, input]) =>
    row<import('node:stream').Duplex, Protocol>({
      id: `F01.${name}`,
      title: `an open connection: ${input}, 64 KiB there and back, compared`,
      kept: true,
      apart: true,
      input,
      prepare: async ({ certificate, protocols: { openEcho, serveEcho } }, { input: protocol }) => {
        const pair = certificate;
        const { port } = await serveEcho(protocol, pair);
        return openEcho(protocol, port, pair);
      },
      act: async ({ exchange }, _situation, stream) => {
        await exchange(stream, 65536);
        return 'ok';
      },
    }),
  ),
  row<import('node:net').Socket, null>({
    id: 'F02.unix',
    title: 'an open connection over a Unix socket, and a new one: 64 KiB there and back, compared',
    kept: true,
    apart: true,
    prepare: async ({ connect, freshPath, startEchoServer }, { folder }) => {
      const path = freshPath(folder);
      await startEchoServer(path);
      Object.assign(globalThis, { path });
      return connect(path);
    },
    act: async ({ connect, exchange }, _situation, socket) => {
      const { path } = globalThis as unknown as { path: string };
      await exchange(socket, 65536);
      await exchange(await connect(path), 65536);
      return 'ok';
    },
  }),
  row<null, null>({
    id: 'F03.child-pipes',
    title: 'a child process that is started after sorts what it gets through a pipe',
    kept: true,
    act: ({ childProcess }) => {
      const output = childProcess.execFileSync('sort', ['-r'], { input: 'a\nc\nb\n', encoding: 'utf8' });
      return output === 'c\nb\na\n' ? 'ok' : output;
    },
  }),
  row<null, null>({
    id: 'F05.files',
    title: 'a file written, compressed and read again, compared',
    kept: true,
    act: ({ crypto, freshPath, fs, zlib }, { folder }) => {
      const [data, path] = [crypto.randomBytes(100_000), freshPath(folder)];
      fs.writeFileSync(path, zlib.gzipSync(data));
      return zlib.gunzipSync(fs.readFileSync(path)).equals(data) ? 'ok' : 'changed';
    },
  }),
];
