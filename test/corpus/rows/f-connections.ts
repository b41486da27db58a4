// SPDX-License-Identifier: MIT
// F01 to F08: what goes on, in small; ../../process/keeps-working has the same with more bytes and both sides.
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
  row<import('node:worker_threads').Worker, null>({
    id: 'F04.worker-before',
    title: 'a Worker that was started before: a message there and back',
    kept: true,
    apart: true,
    prepare: ({ workers: { Worker } }) =>
      new Worker(
        "const port = require('worker_threads').parentPort; port.on('message', (t) => port.postMessage(t + ' back'))",
        {
          eval: true,
        },
      ),
    act: async ({ events }, { text }, worker) => {
      worker.postMessage(text);
      const [answer] = (await events.once(worker, 'message')) as unknown[];
      await worker.terminate();
      return answer === `${text} back` ? 'ok' : String(answer);
    },
  }),
  row<null, null>({
    id: 'F04.worker-after',
    title: 'a Worker that is started after: a digest, compared',
    kept: true,
    apart: true,
    act: async ({ crypto, events, workers: { Worker } }, { text }) => {
      const digest = "require('crypto').createHash('sha256').update(workerData).digest('hex')";
      const code = `const { parentPort, workerData } = require('worker_threads'); parentPort.postMessage(${digest})`;
      const worker = new Worker(code, { eval: true, workerData: text });
      const [answer] = (await events.once(worker, 'message')) as unknown[];
      return answer === crypto.createHash('sha256').update(text).digest('hex') ? 'ok' : String(answer);
    },
  }),
  row<null, null>({
    id: 'F04.cluster',
    title: 'a cluster whose workers are started after and serve a Unix socket: 64 KiB there and back, compared',
    kept: true,
    apart: true,
    act: async ({ cluster, connect, events, exchange, freshPath, fs }, { folder }) => {
      const [program, path] = [`${freshPath(folder)}.js`, freshPath(folder)];
      fs.writeFileSync(program, `require('net').createServer((s) => s.pipe(s)).listen(${JSON.stringify(path)})`);
      cluster.setupPrimary({ exec: program });
      const worker = cluster.fork();
      await events.once(worker, 'listening');
      await exchange(await connect(path), 65536);
      worker.kill();
      return 'ok';
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
  row<null, null>({
    id: 'F06.python-asyncio',
    title: 'a Python with asyncio that is started after: threads wake its loop, and a child of it sorts',
    kept: true,
    act: ({ childProcess }) => {
      const script = `
import asyncio
async def main():
    loop = asyncio.get_running_loop()
    powers = [await loop.run_in_executor(None, pow, 2, exponent) for exponent in range(4)]
    sort = await asyncio.create_subprocess_exec('sort', '-rn', stdin=-1, stdout=-1)
    output, _ = await sort.communicate(''.join(f'{power}\\n' for power in powers).encode())
    print(output.decode().split())
asyncio.run(main())`;
      const output = childProcess.execFileSync('/usr/bin/python3', ['-c', script], { encoding: 'utf8' });
      return output === "['8', '4', '2', '1']\n" ? 'ok' : output;
    },
  }),
  row<null, null>({
    id: 'F06.git',
    title: 'a git that is started after commits, clones and reads what it has cloned',
    kept: true,
    act: ({ childProcess, freshPath, fs }, { folder, text }) => {
      const [own, clone] = [freshPath(folder), freshPath(folder)];
      const git = (...args: string[]): string =>
        childProcess.execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@localhost', ...args], {
          encoding: 'utf8',
        });
      git('init', '--quiet', own);
      fs.writeFileSync(`${own}/file`, text);
      git('-C', own, 'add', 'file');
      git('-C', own, 'commit', '--quiet', '--message', 'first');
      git('clone', '--quiet', own, clone);
      return git('-C', clone, 'show', 'HEAD:file') === text ? 'ok' : 'changed';
    },
  }),
  row<null, null>({
    id: 'F06.pipeline',
    title: 'a pipeline that is started after packs, unpacks and sorts a file: a digest, compared',
    kept: true,
    act: ({ childProcess, crypto, freshPath, fs }, { folder }) => {
      const path = freshPath(folder);
      const lines = Array.from({ length: 10_000 }, (_, index) => String(index * 7));
      fs.writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
      const command =
        'set -o pipefail; tar --absolute-names -c "$0" | gzip | gunzip | tar -xO --absolute-names | sort -rn';
      const output = childProcess.execFileSync('bash', ['-c', command, path]);
      const wanted = lines.reverse().map((line) => `${line}\n`);
      const digest = (data: Buffer | string): string => crypto.createHash('sha256').update(data).digest('hex');
      return digest(output) === digest(wanted.join('')) ? 'ok' : 'changed';
    },
  }),
  row<null, null>({
    id: 'F08.interfaces',
    title: 'os.networkInterfaces(), which asks the kernel over netlink: an error that names the cause',
    act: ({ os }) => (Object.keys(os.networkInterfaces()).length > 0 ? 'ok' : 'none'),
  }),
  row<null, null>({
    id: 'F08.lookup',
    title: 'dns.lookup() of a name in /etc/hosts',
    kept: true,
    act: async ({ dns }) => ((await dns.promises.lookup('localhost', 4)).address === '127.0.0.1' ? 'ok' : 'other'),
  }),
];
