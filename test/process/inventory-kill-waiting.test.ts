// SPDX-License-Identifier: MIT
// Killing what a thread waits on, and what another process has, too.
import { runInChild } from '../support/child';
import { timeFactor } from '../support/time';

jest.setTimeout(120_000);

describe('killing', () => {
  it('wakes threads that wait in accept(), recv() and on a datagram', async () => {
    const results = await runInChild(
      async ({ fs, native, inventory, syscalls, SYS, inetAddress, startEchoServer, timers }) => {
        const syscall: typeof syscalls.syscall = (...call) => syscalls.syscall(...call);
        const listener = syscall(SYS.socket, 2, 1, 0);
        syscall(SYS.bind, listener, inetAddress(0), 16);
        syscall(SYS.listen, listener, 5);
        const echo = await startEchoServer();
        const connection = syscall(SYS.socket, 2, 1, 0);
        syscall(SYS.connect, connection, inetAddress(echo.port), 16);
        const datagram = syscall(SYS.socket, 2, 2, 0);
        syscall(SYS.bind, datagram, inetAddress(0), 16);
        const buffer = Buffer.alloc(8);
        const recvfrom = process.arch === 'arm64' ? 207 : 45;
        const waiters = [
          { fd: listener, number: SYS.accept, args: [null, null] },
          { fd: connection, number: recvfrom, args: [buffer, 8, 0, null, null] },
          { fd: datagram, number: recvfrom, args: [buffer, 8, 0, null, null] },
        ].map(({ fd, number, args }) => {
          const thread = new syscalls.NativeThread();
          thread.begin(number, fd, ...args);
          return { fd, number, thread };
        });
        const threads = (): string[] =>
          fs.readdirSync('/proc/self/task').map((tid) => `/proc/self/task/${tid}/syscall`);
        const isWaiting = ({ fd, number }: { fd: number; number: number }): boolean =>
          threads().some((file) => fs.readFileSync(file, 'utf8').startsWith(`${String(number)} 0x${fd.toString(16)} `));
        while (!waiters.every(isWaiting)) await timers.setTimeout(10);
        const targets = inventory.takeInventory(native).filter(({ fd }) => waiters.some((waiter) => waiter.fd === fd));
        const killed = native.killDescriptors(targets, 10_000);
        return { killed, answers: waiters.map(({ thread }) => thread.finish()) };
      },
      null,
    );
    expect(results.killed).toEqual([0, 0, 0]);
    // Each call was begun anew on the placeholder: ENOTSOCK, and ECONNRESET for the connection.
    expect(results.answers).toEqual([-88, -104, -88]);
  });

  it('leaves a listener and a connection alone that another process shares', async () => {
    const results = await runInChild(
      async ({ fs, native, inventory, syscalls, SYS, inetAddress, net, events, childProcess, timers }) => {
        const listener = syscalls.syscall(SYS.socket, 2, 1, 0);
        syscalls.syscall(SYS.bind, listener, inetAddress(0), 16);
        syscalls.syscall(SYS.listen, listener, 5);
        const port = Number(
          inventory
            .takeInventory(native)
            .find(({ fd }) => fd === listener)
            ?.local?.split(':')[1],
        );
        const far = net
          .createServer((socket) => socket.on('error', () => undefined).pipe(socket))
          .listen(0, '127.0.0.1');
        await events.once(far, 'listening');
        const connection = syscalls.syscall(SYS.socket, 2, 1, 0);
        const address = far.address() as import('node:net').AddressInfo;
        syscalls.syscall(SYS.connect, connection, inetAddress(address.port), 16);
        syscalls.syscall(SYS.setsockopt, connection, 1, 13, Buffer.from(new Uint32Array([1, 30]).buffer), 8);
        // It accepts what this process accepts as well, and has the connection too.
        const program = `
import socket, struct, sys
listener = socket.socket(fileno=3); connection = socket.socket(fileno=4)
print('ready', flush=True)
while True:
  client, _ = listener.accept()
  connection.sendall(b'shared')
  linger = struct.unpack('ii', connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8))
  client.sendall(('other ' + connection.recv(6).decode() + ' %d %d' % linger).encode()); client.close()`;
        const other = childProcess.spawn('python3', ['-c', program], {
          stdio: ['ignore', 'pipe', 'inherit', listener, connection],
        });
        await events.once(other.stdout as import('node:stream').Readable, 'data');
        const thread = new syscalls.NativeThread();
        thread.begin(SYS.accept, listener, null, null);
        const waits = `${String(SYS.accept)} 0x${listener.toString(16)} `;
        const isWaiting = (): boolean =>
          fs
            .readdirSync('/proc/self/task')
            .some((tid) => fs.readFileSync(`/proc/self/task/${tid}/syscall`, 'utf8').startsWith(waits));
        while (!isWaiting()) await timers.setTimeout(10);
        const targets = inventory.takeInventory(native).filter(({ fd }) => fd === listener || fd === connection);
        const start = performance.now();
        const killed = native.killDescriptors(targets, 10_000);
        const milliseconds = performance.now() - start;
        const answer = thread.finish();
        const said: string[] = [];
        for (let count = 0; count < 3; count += 1) {
          const client = net.connect(port, '127.0.0.1');
          let text = '';
          client.on('data', (data) => (text += String(data)));
          client.on('error', (error) => (text += String(error)));
          await events.once(client, 'close');
          said.push(text);
        }
        other.kill();
        return { killed, answer, said, milliseconds };
      },
      null,
    );
    expect(results).toMatchObject({ killed: [0, 0], answer: -88, said: Array(3).fill('other shared 1 30') });
    expect(results.milliseconds).toBeLessThan(2000 * timeFactor);
  });

  it('says so when a thread waits in accept() and takes no signal', async () => {
    const results = await runInChild(
      async ({ fs, native, inventory, syscalls, SYS, inetAddress, timers, net, events }) => {
        const listener = syscalls.syscall(SYS.socket, 2, 1, 0);
        syscalls.syscall(SYS.bind, listener, inetAddress(0), 16);
        syscalls.syscall(SYS.listen, listener, 5);
        const thread = new syscalls.NativeThread('kernel');
        thread.begin(SYS.accept, listener, null, null);
        const waits = `${String(SYS.accept)} 0x${listener.toString(16)} `;
        const isWaiting = (): boolean =>
          fs
            .readdirSync('/proc/self/task')
            .some((tid) => fs.readFileSync(`/proc/self/task/${tid}/syscall`, 'utf8').startsWith(waits));
        while (!isWaiting()) await timers.setTimeout(10);
        const target = inventory.takeInventory(native).filter(({ fd }) => fd === listener);
        const killed = native.killDescriptors(target, 10_000);
        // The control: it does take one more.
        const client = net.connect(Number(target[0]?.local?.split(':')[1]), '127.0.0.1').on('error', () => undefined);
        await events.once(client, 'connect');
        return { killed, accepted: thread.finish() > 0 };
      },
      null,
    );
    expect(results).toEqual({ killed: [-110], accepted: true });
  });
});
