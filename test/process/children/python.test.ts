// SPDX-License-Identifier: MIT
import { join } from 'node:path';

import { runInChild } from '../../support/child';
import { temporaryFolder } from '../../support/folders';
import { startEchoServer, type EchoServer } from '../../support/network';

jest.setTimeout(180_000);

let folder: ReturnType<typeof temporaryFolder>;
let tcp: EchoServer;
let unix: EchoServer;
beforeAll(async () => {
  folder = temporaryFolder();
  tcp = await startEchoServer();
  unix = await startEchoServer(join(folder.path, 'echo'));
});
afterAll(() => {
  tcp.close();
  unix.close();
  folder.remove();
});

/** Runs a program in Python before and after the drop; it prints one JSON value. */
async function runTwice(program: string): Promise<{ before: unknown; after: unknown }> {
  return runInChild(
    ({ childProcess, library }, { text, args }) => {
      const run = (): unknown =>
        JSON.parse(childProcess.execFileSync('python3', ['-c', text, ...args], { encoding: 'utf8' }));
      const before = run();
      library.disableNetwork();
      return { before, after: run() };
    },
    { text: program, args: [String(tcp.port), join(folder.path, 'echo')] },
  );
}

it('sockets are denied and Unix sockets work', async () => {
  const { before, after } = await runTwice(`
import errno, hashlib, json, os, socket, sys

def name(action):
    try:
        action()
        return 'ok'
    except OSError as error:
        return errno.errorcode[error.errno]

def echo():
    data = os.urandom(1 << 20)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(sys.argv[2])
        received = bytearray()
        for offset in range(0, len(data), 65536):
            connection.sendall(data[offset:offset + 65536])
            while len(received) < offset + 65536:
                received += connection.recv(65536)
    return bytes(received) == data

port = int(sys.argv[1])
pair = socket.socketpair()
pair[0].sendall(b'hello')
print(json.dumps({
    'connect': name(lambda: socket.create_connection(('127.0.0.1', port)).close()),
    'tcp': name(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()),
    'udp': name(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()),
    'inet6': name(lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM).close()),
    'netlink': name(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW).close()),
    'pair': pair[1].recv(5).decode(),
    'unix': echo(),
}))`);
  const local = { pair: 'hello', unix: true };
  expect(before).toEqual({ connect: 'ok', tcp: 'ok', udp: 'ok', inet6: 'ok', netlink: 'ok', ...local });
  expect(after).toEqual({ connect: 'EPERM', tcp: 'EPERM', udp: 'EPERM', inet6: 'EPERM', netlink: 'EPERM', ...local });
});

it('asyncio: threads wake the event loop, subprocesses and Unix streams work', async () => {
  const { before, after } = await runTwice(`
import asyncio, json, os, sys, threading

async def unix_echo():
    data = os.urandom(1 << 20)
    reader, writer = await asyncio.open_unix_connection(sys.argv[2])
    async def send():
        writer.write(data)
        await writer.drain()
    sent, received = await asyncio.gather(send(), reader.readexactly(len(data)))
    writer.close()
    return received == data

async def tcp():
    try:
        reader, writer = await asyncio.open_connection('127.0.0.1', int(sys.argv[1]))
        writer.close()
        return 'ok'
    except PermissionError:
        return 'PermissionError'

async def woken():
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    threading.Thread(target=lambda: loop.call_soon_threadsafe(done.set_result, 'woken')).start()
    return await done

async def main():
    process = await asyncio.create_subprocess_exec('cat', stdin=-1, stdout=-1)
    output, _ = await process.communicate(b'through a pipe')
    in_thread = await asyncio.to_thread(sum, range(1000))
    print(json.dumps([await unix_echo(), await woken(), output.decode(), in_thread, await tcp()]))

asyncio.run(main())`);
  const works = [true, 'woken', 'through a pipe', 499_500];
  expect(before).toEqual([...works, 'ok']);
  expect(after).toEqual([...works, 'PermissionError']);
});

it('multiprocessing: pools, queues and managers work, without network in any of them', async () => {
  const { before, after } = await runTwice(`
import json, multiprocessing, socket

def square(number):
    return number * number

def try_socket(_):
    try:
        socket.socket().close()
        return 'ok'
    except PermissionError:
        return 'PermissionError'

def put(queue):
    queue.put('queued')

def main():
    with multiprocessing.Pool(2) as pool:
        squares = pool.map(square, range(5))
        tries = pool.map(try_socket, range(2))
    queue = multiprocessing.Queue()
    process = multiprocessing.Process(target=put, args=(queue,))
    process.start()
    queued = queue.get()
    process.join()
    with multiprocessing.Manager() as manager:
        shared = manager.dict(answer=42)
        answer = shared['answer']
    print(json.dumps([squares, queued, answer, sorted(set(tries))]))

if __name__ == '__main__':
    main()`);
  const works = [[0, 1, 4, 9, 16], 'queued', 42];
  expect(before).toEqual([...works, ['ok']]);
  expect(after).toEqual([...works, ['PermissionError']]);
});
