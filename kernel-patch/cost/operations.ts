// SPDX-License-Identifier: MIT
// What the guest program counts, in the order of the table, and what each may cost a process that does
// not use the LSM.

export type Bar =
  | { readonly kind: 'instructions'; readonly most: number }
  /** Of what the operation takes with the LSM off; less than this. */
  | { readonly kind: 'percent'; readonly below: number };

export interface Operation {
  /** As the guest program names it. */
  readonly name: string;
  readonly title: string;
  readonly group: string;
  /** Null: shown only. */
  readonly bar: Bar | null;
  /**
   * A system call takes the same way nearly every time: the mode is that way, without the interrupts and
   * refills that fall into some. A new process takes a different number of steps each time: the median.
   * A TCP handshake walks chains of hash tables, whose length is chance: the minimum, with empty chains. A
   * datagram to a Unix socket by its name takes one of two ways, five instructions apart, and which one
   * comes more often differs from boot to boot, with the LSM or without: the minimum, the shorter of them.
   */
  readonly statistic: 'mode' | 'median' | 'minimum';
}

const socketBar: Bar = { kind: 'instructions', most: 12 };
/** socketpair(2) asks about each of its two sockets. */
const pairBar: Bar = { kind: 'instructions', most: 2 * socketBar.most };
const nothingBar: Bar = { kind: 'instructions', most: 0 };
const prctlBar: Bar = { kind: 'instructions', most: 20 };
const forkBar: Bar = { kind: 'percent', below: 0.5 };

type Row = readonly [name: string, title: string, bar: Bar | null];

function group(name: string, statistic: Operation['statistic'], rows: readonly Row[]): readonly Operation[] {
  return rows.map(([operation, title, bar]) => ({ name: operation, title, group: name, bar, statistic }));
}

export const operations: readonly Operation[] = [
  ...group('Socket operations', 'mode', [
    ['socket-unix', 'socket, Unix', socketBar],
    ['socket-udp', 'socket, UDP', socketBar],
    ['socket-tcp', 'socket, TCP', socketBar],
    ['socketpair-unix', 'socketpair, Unix (two sockets)', pairBar],
    ['bind-udp', 'bind, UDP', socketBar],
    ['listen-tcp', 'listen, TCP', socketBar],
    ['connect-unix', 'connect, Unix', socketBar],
    ['connect-udp', 'connect, UDP', socketBar],
    ['setsockopt-udp', 'setsockopt, UDP', socketBar],
    ['send-unix', 'send, Unix stream', socketBar],
    ['send-udp', 'send, UDP', socketBar],
    ['send-tcp', 'send, TCP', socketBar],
    ['sendto-udp', 'sendto, UDP', socketBar],
    ['sendmsg-udp', 'sendmsg, UDP', socketBar],
    ['write-unix', 'write on a Unix socket', socketBar],
    ['write-tcp', 'write on a TCP socket', socketBar],
  ]),
  ...group('Socket operations', 'minimum', [
    ['connect-tcp', 'connect, TCP', socketBar],
    ['sendto-unix', 'sendto, Unix datagram', socketBar],
  ]),
  ...group('Receiving, accepting, files', 'mode', [
    ['recv-unix', 'recv, Unix stream', nothingBar],
    ['recv-udp', 'recv, UDP', nothingBar],
    ['recv-tcp', 'recv, TCP', nothingBar],
    ['read-unix', 'read on a Unix socket', nothingBar],
    ['read-tcp', 'read on a TCP socket', nothingBar],
    ['accept-unix', 'accept, Unix', nothingBar],
    ['accept-tcp', 'accept, TCP', nothingBar],
    ['read-pipe', 'read, pipe', nothingBar],
    ['write-pipe', 'write, pipe', nothingBar],
    ['read-file', 'read, file', nothingBar],
    ['write-file', 'write, file', nothingBar],
    ['getppid', 'getppid', nothingBar],
  ]),
  ...group('prctl and ptrace', 'mode', [
    ['prctl-get', 'prctl PR_GET_DUMPABLE', prctlBar],
    ['prctl-set', 'prctl PR_SET_NAME', prctlBar],
    ['ptrace-seize', 'ptrace PTRACE_SEIZE', null],
    ['ptrace-traceme', 'ptrace PTRACE_TRACEME', null],
    ['process_vm_readv', 'process_vm_readv', null],
  ]),
  ...group('Processes and threads', 'median', [
    ['fork', 'fork', forkBar],
    ['fork-wait', 'fork, exit and wait', forkBar],
    ['exec', 'execve until main', null],
    ['thread', 'pthread_create', null],
    ['thread-join', 'pthread_create and pthread_join', null],
  ]),
];

/** Kernel memory: many of them at once, as the guest program names their number and what they took. */
export const memories = [
  { name: 'memory-processes', title: 'one process' },
  { name: 'memory-threads', title: 'one more thread' },
] as const;
