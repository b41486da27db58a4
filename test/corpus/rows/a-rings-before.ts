// SPDX-License-Identifier: MIT
// A14: an io_uring made before the drop: open, hidden, polled by the kernel, with old credentials.
import type { Reach } from '../../support/ring-attack';
import type { Ring } from '../../support/ring';
import { row, type Row } from '../row';

interface Form {
  title: string;
  reach: Reach;
  /** Of io_uring_setup(). */
  flags?: number;
  /** What is done with the descriptor: it is known by an index, or the mapping alone is left. */
  hide?: 'index' | 'mapping';
  /** The shape of those that libuv makes, which the drop restricts. */
  eventLoop?: true;
  /** Such a ring beside it. */
  beside?: true;
  /** IORING_REGISTER_PERSONALITY: the requests are made with the credentials from before. */
  personality?: true;
  /** A worker of the kernel for this ring is there when the drop is made. */
  worker?: true;
  /** IORING_REGISTER_FILES: a file is in the table of the ring. */
  table?: true;
}

const [sqPoll, asynchronous, ownMemory] = [1 << 1, 1 << 4, 1 << 14];
const forms: Record<string, Form> = {
  open: { title: 'open', reach: { type: 'udp' } },
  'open-tcp': { title: 'open, and used for TCP', reach: { type: 'tcp' } },
  index: { title: 'known by an index of the thread, without a descriptor', reach: { type: 'udp' }, hide: 'index' },
  personality: { title: 'with the credentials from before', reach: { type: 'tcp' }, personality: true },
  worker: { title: 'with a worker of the kernel', reach: { type: 'udp', flags: asynchronous }, worker: true },
  table: { title: 'with a file in its own table', reach: { type: 'udp' }, table: true },
  polled: { title: 'polled by the kernel', reach: { type: 'tcp', polls: true }, flags: sqPoll },
  'polled-personality': {
    title: 'polled by the kernel, with the credentials from before',
    reach: { type: 'tcp', polls: true },
    flags: sqPoll,
    personality: true,
  },
  'polled-index': {
    title: 'polled by the kernel, known by an index of the thread',
    reach: { type: 'tcp', polls: true },
    flags: sqPoll,
    hide: 'index',
  },
  'polled-mapping': {
    title: 'polled by the kernel, of which the mapping alone is left',
    reach: { type: 'tcp', polls: true },
    flags: sqPoll,
    hide: 'mapping',
  },
  'polled-mapping-beside': {
    title: 'polled by the kernel, of which the mapping alone is left, beside the ring of an event loop',
    reach: { type: 'tcp', polls: true },
    flags: sqPoll,
    hide: 'mapping',
    beside: true,
  },
  'own-memory': {
    title: 'in memory of the caller, where no mapping shows it',
    reach: { type: 'udp' },
    flags: ownMemory,
  },
  'own-memory-polled': {
    title: 'in memory of the caller, where no mapping shows it, polled by the kernel',
    reach: { type: 'tcp', polls: true },
    flags: ownMemory | sqPoll,
  },
  'own-memory-index': {
    title: 'in memory of the caller, known by an index of the thread: nowhere to be seen',
    reach: { type: 'udp' },
    flags: ownMemory,
    hide: 'index',
  },
  'own-memory-polled-index': {
    title: 'in memory of the caller, polled by the kernel, known by an index of the thread: nowhere to be seen',
    reach: { type: 'tcp', polls: true },
    flags: ownMemory | sqPoll,
    hide: 'index',
  },
  'event-loop': { title: 'of the shape of an event loop', reach: { type: 'udp' }, eventLoop: true },
  'event-loop-personality': {
    title: 'of the shape of an event loop, with the credentials from before',
    reach: { type: 'udp' },
    eventLoop: true,
    personality: true,
  },
  'event-loop-index': {
    title: 'of the shape of an event loop, known by an index of the thread',
    reach: { type: 'udp' },
    eventLoop: true,
    hide: 'index',
  },
  'event-loop-table': {
    title: 'of the shape of an event loop, with a file in its own table',
    reach: { type: 'udp' },
    eventLoop: true,
    table: true,
  },
};

export const ringBeforeRows: Row[] = Object.entries(forms).map(([name, input]) =>
  row<{ ring: Ring; personality: number } | string, Form>({
    id: `A14.${name}`,
    title: `an io_uring made before, ${input.title}`,
    input,
    wire: true,
    // The ring of the control stays mapped.
    apart: true,
    // Before Linux 6.5 every ring is in memory that the kernel maps.
    ...(name.startsWith('own-memory') ? { absent: ['EINVAL'] } : {}),
    prepare: async (toolbox, { input: { flags, hide, eventLoop, beside, personality, worker, table } }) => {
      const { attack, syscalls, Ring, ask, eventLoopRing, ringRequest, ringAsync, socketRequest } = toolbox;
      if (beside) new Ring(syscalls, 0, eventLoopRing);
      let ring: Ring;
      try {
        ring = new Ring(syscalls, flags ?? 0, eventLoop ? eventLoopRing : undefined);
      } catch (error) {
        return String((error as { code?: unknown }).code);
      }
      if (((flags ?? 0) & 2) !== 0) {
        ring.queue({ operation: ringRequest.nothing });
        ring.wake();
        await toolbox.ringAnswer(ring);
      }
      if (worker) attack.call('close', await ask(ring, { ...socketRequest(2, 2), flags: ringAsync }));
      if (table) ring.register(2, attack.int(0), 1);
      const number = personality ? ring.registerPersonality() : 0;
      if (hide === 'index') ring.hideDescriptor();
      if (hide === 'mapping') attack.call('close', ring.fd);
      return { ring, personality: number };
    },
    act: ({ syscalls, reachByRing }, situation, state) =>
      typeof state === 'string'
        ? state
        : reachByRing(syscalls, state.ring, situation, { ...situation.input.reach, personality: state.personality }),
  }),
);
