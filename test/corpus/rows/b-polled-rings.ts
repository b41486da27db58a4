// SPDX-License-Identifier: MIT
// B05: an io_uring that another process polls: requests in the shared memory are made with its network.
import type { Ring } from '../../support/ring';
import { row, type Row } from '../row';

interface Form {
  title: string;
  /** What the process under the drop has of the ring. */
  has: 'descriptor' | 'mapping' | 'nothing yet';
  absent?: readonly string[];
}

const forms: Record<string, Form> = {
  inherited: { title: 'whose descriptor was open before', has: 'descriptor' },
  mapped: { title: 'of which only the memory was mapped before', has: 'mapping' },
  // Since Linux 6.8 no Unix socket carries a ring.
  received: { title: 'received after over a Unix socket', has: 'nothing yet', absent: ['EINVAL'] },
};

interface State {
  ring: Ring;
  pass: () => string;
}

export const polledRingRows: Row[] = Object.entries(forms).map(([name, { title, has: input, ...more }]) =>
  row<State, Form['has']>({
    id: `B05.${name}`,
    title: `an io_uring that another process polls, ${title}`,
    input,
    wire: true,
    apart: true,
    limit: 'received-descriptors',
    ...more,
    prepare: async ({ attack, syscalls, Ring, ringFlags, ringRequest, ringAnswer }, { input: has }) => {
      // The memory is shared, so that the poller finds in it what this process writes; the table of
      // descriptors is too, until the other process has made the ring.
      const sharer = new syscalls.SharingProcess(has === 'descriptor' ? 0x500 : 0x100);
      const pair = Buffer.alloc(8);
      sharer.syscall(attack.number.socketpair, 1, 1, 0, pair);
      const ring = new Ring({ ...syscalls, syscall: sharer.syscall.bind(sharer) }, ringFlags.sqPoll);
      ring.queue({ operation: ringRequest.nothing });
      ring.wake();
      await ringAnswer(ring);
      if (has === 'descriptor') sharer.syscall(attack.number.unshare, 0x400);
      const pass = (): string => {
        if (has !== 'nothing yet') return 'ok';
        const control = attack.controlMessage(1, 1, attack.int(ring.fd));
        attack.sendmsg(-1, 'x', { control });
        const [header] = attack.lastMessage() as [Uint8Array];
        return attack.outcome(sharer.syscall(attack.number.sendmsg, pair.readInt32LE(0), header, 0));
      };
      return { ring, pass };
    },
    act: ({ syscalls, reachByRing }, situation, { ring, pass }) => {
      const passed = pass();
      return passed === 'ok' ? reachByRing(syscalls, ring, situation, { type: 'tcp', polls: true }) : passed;
    },
  }),
);
