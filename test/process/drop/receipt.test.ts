// SPDX-License-Identifier: MIT
// The receipt when everything is open that other providers cannot close: sockets that a parent has
// passed on, and an io_uring that a kernel thread polls.
import { runInChild } from '../../support/child';
import { startOutside, type Outside } from '../../support/outside';
import { provider } from '../support/provider';

jest.setTimeout(120_000);

let outside: Outside;
beforeAll(async () => {
  outside = await startOutside();
});
afterAll(() => {
  outside.close();
});

/** A process that opens a UDP socket and an unbound TCP socket, and starts the rest with both. */
const parent = `
import os, socket, subprocess, sys
sockets = [socket.socket(type=socket.SOCK_DGRAM), socket.socket()]
numbers = [one.fileno() for one in sockets]
os.environ['INHERITED'] = ','.join(map(str, numbers))
sys.exit(subprocess.call(sys.argv[1:], pass_fds=[3, *numbers]))`;

it('with inherited UDP and TCP sockets and a polling ring: nothing is left, or each is named', async () => {
  const text = `receipt under ${provider};`;
  const result = await runInChild(
    async (toolbox, input) => {
      const { attack, syscalls, timers, Ring, ringFlags, ringRequest, socketRequest } = toolbox;
      const { inetAddress, AF_INET, SOCK_STREAM, SOCK_DGRAM } = toolbox;
      const [datagram = -1, stream = -1] = (process.env['INHERITED'] ?? '').split(',').map(Number);
      const [tcp, udp] = [inetAddress(input.tcp), inetAddress(input.udp)];
      const ring = new Ring(syscalls, ringFlags.sqPoll);
      const make = (): number => attack.call('socket', AF_INET, SOCK_STREAM, 0);
      let woken = false;
      const byRing = async (request: Parameters<typeof ring.queue>[0]): Promise<string> => {
        ring.queue(request);
        if (!woken) ring.wake();
        woken = true;
        for (;;) {
          const [done] = ring.reap();
          if (done !== undefined) return attack.outcome(done.result);
          await timers.setTimeout(1);
        }
      };
      const connectByRing = async (fd: number) =>
        byRing({ operation: ringRequest.connect, fd, address: syscalls.addressOf(tcp), offset: tcp.length });
      const ways = async (connecting: number, listening: number, inRing: number) => ({
        sendto: attack.sendto(datagram, input.text, 0, udp),
        sendmsg: attack.sendmsg(datagram, input.text, { address: udp }),
        connectByRing: await connectByRing(inRing),
        socketByRing: await byRing(socketRequest(AF_INET, SOCK_DGRAM)),
        connect: attack.connect(connecting, tcp),
        listen: attack.try('listen', listening, 1),
      });
      const control = await ways(make(), make(), make());
      for (let fd = ring.fd + 1; fd < ring.fd + 8; fd += 1) attack.call('close', fd);
      const second = make();
      const { receipt, refused } = attack.drop();
      return {
        datagram,
        stream,
        second,
        ring: ring.fd,
        control,
        refused,
        receipt,
        after: await ways(stream, stream, second),
      };
    },
    { tcp: outside.tcp, udp: outside.udp, text },
    { launcher: ['python3', '-c', parent] },
  );
  const everything = {
    sendto: 'ok',
    sendmsg: 'ok',
    connectByRing: 'ok',
    socketByRing: 'ok',
    connect: 'ok',
    listen: 'ok',
  };
  expect(result.control).toEqual(everything);
  const { datagram, stream, second, ring, receipt } = result;
  expect(receipt.kept.map(({ fd, kind }) => [fd, kind])).toEqual(
    expect.arrayContaining([
      [datagram, 'udp'],
      [stream, 'tcp'],
      [second, 'tcp'],
    ]),
  );
  expect(receipt).toMatchObject({ provider, alreadyDisabled: false });
  if (provider === 'lsm') {
    expect(receipt).toMatchObject({ mechanisms: ['PR_SET_NOSUID', 'PR_SET_NETWORK'], accepted: [] });
    expect(receipt.sideEffects.map(({ id }) => id)).toEqual(['tracing']);
    expect(result.refused).toEqual([]);
    expect(result.after).toEqual(Object.fromEntries(Object.keys(everything).map((way) => [way, 'EPERM'])));
    expect(outside.log.join('').split(text)).toHaveLength(3); // The two datagrams of the control.
  } else {
    expect(result.refused).toEqual([
      ['udp-socket', datagram],
      ['io-uring', ring],
    ]);
    expect(receipt.accepted.map(({ id }) => id)).toEqual(['udp-socket', 'io-uring']);
    expect(result.after).toEqual({ ...everything, connect: 'EACCES', listen: 'EPERM' });
  }
});
