// SPDX-License-Identifier: MIT
// A11: sockets with a ring that is mapped: what sends the frames that wait in it.
import { row, type Act, type Prepare, type Row } from '../row';

interface State {
  fd: number;
  /** The ring of frames to send, with the places of its fields. */
  ring: Buffer;
  producer: number;
  consumer: number;
  descriptors: number;
}

interface Input {
  call: 'sendto' | 'poll';
}

const bind: Prepare<State, Input> = ({ attack, syscalls }) => {
  const none = { ring: Buffer.alloc(0), producer: 0, consumer: 0, descriptors: 0 };
  const fd = attack.call('socket', 44, 3, 0);
  if (fd < 0) return { ...none, fd };
  const answers: number[] = [];
  const set = (option: number, value: Buffer): void => {
    answers.push(attack.call('setsockopt', fd, 283, option, value, value.length));
  };
  // XDP_UMEM_REG: four frames; XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING, XDP_TX_RING: four entries.
  const area = Buffer.alloc(32);
  area.writeBigUInt64LE(BigInt(attack.call('mmap', 0, 8192, 3, 0x22, -1, 0)), 0);
  area.writeBigUInt64LE(8192n, 8);
  area.writeUInt32LE(2048, 16);
  set(4, area);
  for (const option of [5, 6, 3]) set(option, attack.int(4));
  // XDP_MMAP_OFFSETS: four places of each ring, that of XDP_TX_RING second; XDP_PGOFF_TX_RING.
  const offsets = Buffer.alloc(128);
  answers.push(attack.call('getsockopt', fd, 283, 1, offsets, attack.int(128)));
  const place = (index: number): number => Number(offsets.readBigUInt64LE(32 + index * 8));
  const size = place(2) + 4 * 16;
  const address = attack.call('mmap', 0, size, 3, 0x8001, fd, 0x80000000);
  answers.push(Math.min(address, 0));
  // AF_XDP, XDP_COPY, interface 1 (lo), its first queue.
  answers.push(attack.call('bind', fd, Buffer.from('2c000200' + '01000000' + '00'.repeat(8), 'hex'), 16));
  const failed = answers.find((answer) => answer < 0);
  if (failed !== undefined) throw new Error(`${attack.outcome(failed)} when the socket was set up`);
  return { fd, ring: syscalls.memoryAt(address, size), producer: place(0), consumer: place(1), descriptors: place(2) };
};

const send: Act<State, Input> = ({ attack, syscalls }, { input }, state) => {
  const { fd, ring, producer, consumer, descriptors } = state;
  if (fd < 0) return attack.outcome(fd);
  // The first frame, 64 bytes of it.
  ring.writeBigUInt64LE(0n, descriptors);
  ring.writeUInt32LE(64, descriptors + 8);
  ring.writeUInt32LE(1, producer);
  const poll = Buffer.alloc(8);
  poll.writeInt32LE(fd, 0);
  poll.writeInt16LE(4, 4);
  const answer =
    input.call === 'poll'
      ? syscalls.syscall(process.arch === 'arm64' ? 73 : 271, poll, 1, Buffer.alloc(16), null, 8)
      : attack.call('sendto', fd, null, 0, 0x40, null, 0);
  if (answer < 0) return attack.outcome(answer);
  return ring.readUInt32LE(consumer) === 1 ? 'ok' : 'the frame waits';
};

const xdpRows: Row[] = (['sendto', 'poll'] as const).map((call) =>
  row<State, Input>({
    id: `A11.xdp-${call}-before`,
    title: `${call}() makes the kernel send a frame that waits in the ring of an AF_XDP socket made before`,
    input: { call },
    // A ring that is mapped keeps the queue of the interface.
    apart: true,
    absent: ['EAFNOSUPPORT'],
    prepare: bind,
    act: send,
  }),
);

export const ringRows: Row[] = [
  ...xdpRows,
  row<{ fd: number; ring: Buffer }, null>({
    id: 'A11.packet-ring-before',
    title: 'send() makes the kernel send a frame that waits in the ring of an AF_PACKET socket made before',
    apart: true,
    prepare: ({ attack, syscalls }) => {
      const fd = attack.call('socket', 17, 3, 0);
      // PACKET_TX_RING: one block of 4096 bytes with two frames of 2048.
      const layout = Buffer.from('00100000' + '01000000' + '00080000' + '02000000', 'hex');
      const made = attack.call('setsockopt', fd, 263, 13, layout, 16);
      const address = made < 0 ? made : attack.call('mmap', 0, 4096, 3, 1, fd, 0);
      if (address < 0) throw new Error(`${attack.outcome(address)} when the ring was made`);
      // AF_PACKET, any protocol, interface 1 (lo).
      attack.bind(fd, Buffer.from('1100' + '0000' + '01000000' + '00'.repeat(12), 'hex'));
      return { fd, ring: syscalls.memoryAt(address, 4096) };
    },
    act: ({ attack }, _situation, { fd, ring }) => {
      // 60 bytes behind the header of the frame, TP_STATUS_SEND_REQUEST.
      ring.writeUInt32LE(60, 8);
      ring.writeBigUInt64LE(1n, 0);
      const sent = attack.call('sendto', fd, null, 0, 0, null, 0);
      return sent === 0 ? 'the frame waits' : attack.outcome(sent);
    },
  }),
];
