// SPDX-License-Identifier: MIT
// A11: CAN sockets made before the drop: the frame names whom it is for, and an address is the interface alone.
import { row, type Prepare, type Row } from '../row';

interface Form {
  title: string;
  type: number;
  protocol: number;
  /** How the socket learns its interface. */
  tie: 'bind' | 'connect' | 'nothing';
  /** In hexadecimal digits, as the kernel takes it from write(). */
  message: string;
}

/** struct can_frame: an identifier, a length, and what it carries. */
const frame = '23010000' + '08000000' + '6469736e65747730';

const forms: Record<string, Form> = {
  write: {
    title: 'write() of a CAN frame by a raw socket that was bound before',
    type: 3,
    protocol: 1, // CAN_RAW
    tie: 'bind',
    message: frame,
  },
  sendto: {
    title: 'sendto() of a CAN frame by a raw socket made before, to an interface that is named then',
    type: 3,
    protocol: 1,
    tie: 'nothing',
    message: frame,
  },
  broadcast: {
    title: "write() of a CAN frame to the kernel's broadcast manager that was connected before",
    type: 2,
    protocol: 2, // CAN_BCM
    tie: 'connect',
    // TX_SEND of one frame; the flags, counts and intervals between are zero.
    message: '04000000'.padEnd(48 * 2, '0') + '23010000' + '01000000' + frame,
  },
};

/** The interface lives in a network of its own, and its number is chosen, so that it need not be looked up. */
const makeSocket: Prepare<number, Form> = ({ attack, childProcess }, { input: { type, protocol, tie } }) => {
  const fd = attack.call('socket', 29, type, protocol);
  if (fd < 0) return fd;
  // Another row of the same process may have made it.
  childProcess.spawnSync('ip', ['link', 'add', 'dncan', 'index', '7', 'type', 'vcan']);
  childProcess.execFileSync('ip', ['link', 'set', 'dncan', 'up']);
  const address = Buffer.from('1d000000' + '07000000'.padEnd(40, '0'), 'hex');
  if (tie !== 'nothing') attack[tie](fd, address);
  return fd;
};

export const frameRows: Row[] = Object.entries(forms).map(([name, { title, ...form }]) =>
  row<number, Form>({
    id: `A11.can-${name}-before`,
    title,
    input: { title, ...form },
    absent: ['EAFNOSUPPORT', 'EPROTONOSUPPORT'],
    launcher: ['unshare', '--net'],
    prepare: makeSocket,
    act: ({ attack }, { input: { tie, message } }, fd) => {
      if (fd < 0) return attack.outcome(fd);
      const bytes = Buffer.from(message, 'hex');
      if (tie !== 'nothing') return attack.try('write', fd, bytes, bytes.length);
      const address = Buffer.from('1d000000' + '07000000'.padEnd(40, '0'), 'hex');
      return attack.try('sendto', fd, bytes, bytes.length, 0, address, address.length);
    },
  }),
);
