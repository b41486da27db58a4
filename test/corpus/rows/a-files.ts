// SPDX-License-Identifier: MIT
// A15: calls that are made for files, on sockets: they go on with a connection, and connect nothing.
import { row, type Act, type Prepare, type Row } from '../row';

type Call = 'splice' | 'tee' | 'vmsplice' | 'sendfile' | 'aio' | 'writev' | 'zero-copy';

const calls: Record<Call, string> = {
  splice: 'splice() from a pipe',
  tee: 'tee() from pipe to pipe, then splice()',
  vmsplice: 'vmsplice() into a pipe, then splice()',
  sendfile: 'sendfile() from memory',
  aio: 'io_submit() of legacy AIO',
  writev: 'pwritev2()',
  'zero-copy': 'send() with MSG_ZEROCOPY',
};

const places: Record<string, string> = {
  tcp: 'a connected TCP socket',
  udp: 'a connected UDP socket',
  loose: 'a TCP socket that is connected after',
  'loose-udp': 'a UDP socket that is connected after',
};

interface Input {
  call: Call;
  place: string;
}

interface State {
  fd: number;
  pipes: [reader: number, writer: number][];
  memory: number;
  context: bigint;
}

const prepare: Prepare<State, Input> = ({ attack, syscalls, inetAddress, openPipe, fs }, situation) => {
  const { input, tcp, udp, text } = situation;
  const datagram = input.place.endsWith('udp');
  const fd = attack.call('socket', 2, datagram ? 2 : 1, 0);
  if (!input.place.startsWith('loose')) attack.connect(fd, inetAddress(datagram ? udp : tcp));
  attack.setsockopt(fd, 1, 60, attack.int(1)); // SO_ZEROCOPY
  const memory = attack.call('memfd_create', Buffer.from('x\0'), 0);
  fs.writeSync(memory, text);
  const context = Buffer.alloc(8);
  if (input.call === 'aio') attack.call('io_setup', 4, context);
  return { fd, pipes: [openPipe(syscalls), openPipe(syscalls)], memory, context: context.readBigUInt64LE(0) };
};

const act: Act<State, Input> = (toolbox, { input, tcp, udp, text }, { fd, pipes, memory, context }) => {
  const { attack, syscalls, inetAddress, fs } = toolbox;
  const data = Buffer.from(text);
  const vector = Buffer.alloc(16);
  vector.writeBigUInt64LE(attack.addressOf(data), 0);
  vector.writeBigUInt64LE(BigInt(data.length), 8);
  const [[reader, writer] = [-1, -1], [second, other] = [-1, -1]] = pipes;
  if (input.place.startsWith('loose')) {
    const connected = attack.connect(fd, inetAddress(input.place === 'loose' ? tcp : udp));
    if (connected !== 'ok') return connected;
  }
  const splice = (from: number): string => attack.try('splice', from, null, fd, null, data.length, 0);
  const isArm = process.arch === 'arm64';
  switch (input.call) {
    case 'splice':
      fs.writeSync(writer, data);
      return splice(reader);
    case 'tee':
      fs.writeSync(writer, data);
      syscalls.syscall(isArm ? 77 : 276, reader, other, data.length, 0);
      return splice(second);
    case 'vmsplice':
      syscalls.syscall(isArm ? 75 : 278, writer, vector, 1, 0);
      return splice(reader);
    case 'sendfile':
      return attack.try('sendfile', fd, memory, Buffer.alloc(8), data.length);
    case 'writev':
      return attack.outcome(syscalls.syscall(isArm ? 287 : 328, fd, vector, 1, -1, -1, 0));
    case 'zero-copy':
      return attack.sendto(fd, text, 0x4000000);
    case 'aio': {
      // A struct iocb: pwrite (1) of the text to the descriptor at 20.
      const request = Buffer.alloc(64);
      request.writeUInt16LE(1, 16);
      request.writeUInt32LE(fd, 20);
      request.writeBigUInt64LE(attack.addressOf(data), 24);
      request.writeBigUInt64LE(BigInt(data.length), 32);
      const list = Buffer.alloc(8);
      list.writeBigUInt64LE(attack.addressOf(request), 0);
      const submitted = attack.call('io_submit', context, 1, list);
      if (submitted < 0) return attack.outcome(submitted);
      const event = Buffer.alloc(32);
      attack.call('io_getevents', context, 1, 1, event, null);
      return attack.outcome(Number(event.readBigInt64LE(16)));
    }
  }
};

export const fileRows: Row[] = Object.entries(places).flatMap(([place, on]) =>
  Object.entries(calls).map(([call, title]) =>
    row<State, Input>({
      id: `A15.${place}-${call}`,
      title: `${title}, to ${on}`,
      input: { call: call as Call, place },
      wire: true,
      ...(place.startsWith('loose') ? {} : { kept: true as const }),
      prepare,
      act,
    }),
  ),
);
