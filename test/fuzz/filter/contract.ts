// SPDX-License-Identifier: MIT
// What the promise says about system calls, written as rules straight from its tables: a third time
// beside the builder and the model of the unit tests, and by nobody who had read either one's rules
// as a program. x86-64.
import { SeccompPolicy } from '../../../lib/native/binding';

export interface Call {
  readonly number: number;
  readonly architecture: number;
  /** 64 bits each. */
  readonly args: readonly bigint[];
}

export const AUDIT_ARCH_X86_64 = 0xc000003e;
export const answers = { allow: 0x7fff0000, kill: 0x80000000, error: (errno: number): number => 0x50000 + errno };

const EPERM = 1;
const ENOSYS = 38;

type Condition = (args: readonly bigint[], policy: number) => boolean;

interface Rule {
  readonly name: string;
  readonly numbers: readonly number[];
  readonly errno: number | ((policy: number) => number);
  readonly applies: Condition;
}

const int = (args: readonly bigint[], place: number): number => Number((args[place] ?? 0n) & 0xffffffffn);
const has = (policy: number, name: keyof typeof SeccompPolicy): boolean => (policy & SeccompPolicy[name]) > 0;
const always: Condition = () => true;

/** setsockopt and getsockopt: the level, and its options. */
const option =
  (level: number, ...options: number[]): Condition =>
  (args) =>
    int(args, 1) === level && options.includes(int(args, 2));

const flag =
  (place: number, bit: number): Condition =>
  (args) =>
    Math.floor(int(args, place) / bit) % 2 === 1;

const AF_UNIX = 1;
const [MSG_FASTOPEN, MSG_DONTROUTE] = [2 ** 29, 4];
const [SOCK_STREAM, SOCK_SEQPACKET] = [1, 5];

const neededOptions: readonly Condition[] = [
  option(1, 2, 6, 7, 8, 9, 10, 13, 15, 16, 18, 20, 21, 29, 32, 33, 34, 35, 37, 40, 42, 45, 46, 47, 49, 60),
  option(1, 63, 64, 65, 66, 67, 76, 83),
  option(0, 2, 8, 10, 11, 12, 13, 20, 21, 33, 34, 36, 40, 45, 47),
  option(41, 16, 18, 19, 21, 23, 24, 25, 26, 45, 47, 49, 51, 62, 66),
  option(6, 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 13, 18, 23, 25, 27, 36),
  option(17, 1, 103, 104),
  option(282, 1, 2),
  option(132, 3, 11),
];

export const rules: readonly Rule[] = [
  {
    name: 'a new socket of any family but AF_UNIX',
    numbers: [41, 53],
    errno: EPERM,
    applies: (args) => int(args, 0) !== AF_UNIX,
  },
  {
    name: 'a new Unix socket that could send to a new peer, where only connected ones go on',
    numbers: [41, 53],
    errno: EPERM,
    applies: (args, policy) =>
      has(policy, 'denyNewUnixPeers') && ![SOCK_STREAM, SOCK_SEQPACKET].includes(int(args, 1) & 15),
  },
  { name: 'TCP Fast Open by sendto', numbers: [44], errno: EPERM, applies: flag(3, MSG_FASTOPEN) },
  { name: 'TCP Fast Open by sendmsg', numbers: [46], errno: EPERM, applies: flag(2, MSG_FASTOPEN) },
  { name: 'TCP Fast Open by sendmmsg', numbers: [307], errno: EPERM, applies: flag(3, MSG_FASTOPEN) },
  { name: 'MSG_DONTROUTE', numbers: [44, 307], errno: EPERM, applies: flag(3, MSG_DONTROUTE) },
  { name: 'MSG_DONTROUTE by sendmsg', numbers: [46], errno: EPERM, applies: flag(2, MSG_DONTROUTE) },
  {
    name: 'a send with an address, where only connected sockets go on',
    numbers: [44],
    errno: EPERM,
    applies: (args, policy) => has(policy, 'denyNewUnixPeers') && args[4] !== 0n,
  },
  {
    name: 'connect and bind, where only connected sockets go on',
    numbers: [42, 49],
    errno: EPERM,
    applies: (_, policy) => has(policy, 'denyNewUnixPeers'),
  },
  {
    name: 'listen, where a kept socket could be turned into a listener',
    numbers: [50],
    errno: EPERM,
    applies: (_, policy) => has(policy, 'denyListen') || has(policy, 'denyNewUnixPeers'),
  },
  {
    name: 'options that neither a kept connection nor a Unix socket needs',
    numbers: [54],
    errno: EPERM,
    applies: (args, policy) => !neededOptions.some((needed) => needed(args, policy)),
  },
  { name: 'SCTP connectx3', numbers: [55], errno: EPERM, applies: option(132, 111) },
  {
    name: 'typing into a terminal, and devices that are networks',
    numbers: [16],
    errno: EPERM,
    applies: (args) =>
      [0x5412, 0x541c, 0x400454ca, 0xc004743e, 0x4004743d, 0x40047438, 0xaf01, 0x40042408].includes(int(args, 1)),
  },
  { name: 'a new io_uring', numbers: [425, 427], errno: ENOSYS, applies: always },
  {
    name: 'entering an io_uring, but for asking whether there is one',
    numbers: [426],
    errno: ENOSYS,
    applies: (args, policy) =>
      !has(policy, 'allowRings') && (int(args, 1) !== 0 || int(args, 2) !== 0 || int(args, 3) !== 16),
  },
  { name: 'request_key and bpf', numbers: [249, 321], errno: EPERM, applies: always },
  {
    name: 'driving another process',
    numbers: [101, 310, 311, 312, 438, 440],
    errno: EPERM,
    applies: (_, policy) => has(policy, 'denyTracing'),
  },
  {
    name: 'asking for the state',
    numbers: [157],
    errno: () => 0xdff,
    applies: (args, policy) => has(policy, 'answerStatus') && int(args, 0) === 0x4e455447,
  },
];

/** What the kernel is to be told, and by which rule. */
export function promise(policy: number, { number, architecture, args }: Call): { answer: number; rule: string } {
  if (architecture !== AUDIT_ARCH_X86_64) return { answer: answers.kill, rule: 'another architecture' };
  if (number === -1) return { answer: answers.allow, rule: 'a call that a tracer skipped' };
  if (number < 0 || number >= 0x40000000) return { answer: answers.error(ENOSYS), rule: 'x32' };
  for (const { name, numbers, errno, applies } of rules) {
    if (!numbers.includes(number) || !applies(args, policy)) continue;
    return { answer: answers.error(typeof errno === 'number' ? errno : errno(policy)), rule: name };
  }
  return { answer: answers.allow, rule: 'everything else' };
}
