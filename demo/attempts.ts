// SPDX-License-Identifier: MIT
// What the service is asked to try: each way out, and each thing that must go on.
import { stubAnswer } from './dns-stub';
import { digest } from './load';
import { screenSize } from './x-server';

export interface Attempt {
  readonly operation: string;
  readonly label: string;
  /** What comes back when it works. */
  readonly answer: (token: string) => string;
  readonly shown: string;
}

export interface WayOut extends Attempt {
  /** Whether the world outside gets to see the token. */
  readonly leaves: boolean;
  /** What a refusal says; none for an error of the service itself, which has to name its cause. */
  readonly refusal?: { readonly pattern: RegExp; readonly shown: string };
}

const same = (token: string): string => token;
const sorted = (token: string): string => Array.from(token).sort().reverse().join('');

export const waysOut: readonly WayOut[] = [
  { operation: 'fetch', label: 'fetch()', answer: same, shown: 'HTTP 200', leaves: true },
  { operation: 'resolve', label: 'dns.resolve4()', answer: () => stubAnswer, shown: stubAnswer, leaves: true },
  { operation: 'lookup', label: 'dns.lookup()', answer: () => stubAnswer, shown: stubAnswer, leaves: true },
  { operation: 'tcp', label: 'TCP, net.connect()', answer: same, shown: 'echo', leaves: true },
  { operation: 'listen', label: 'TCP, a new listener', answer: same, shown: 'listens', leaves: false },
  { operation: 'udp', label: 'UDP, dgram.send()', answer: same, shown: 'echo', leaves: true },
  { operation: 'worker', label: 'a Worker, TCP', answer: same, shown: 'echo', leaves: true },
  {
    operation: 'curl',
    label: 'a child: curl',
    answer: same,
    shown: 'HTTP 200',
    leaves: true,
    refusal: { pattern: /curl: \(7\)/, shown: 'no socket, exit code 7' },
  },
  {
    operation: 'python',
    label: 'a child: Python',
    answer: same,
    shown: 'echo',
    leaves: true,
    refusal: { pattern: /PermissionError: \[Errno 1\]/, shown: 'PermissionError' },
  },
  {
    operation: 'ring',
    label: 'io_uring, no socket call',
    answer: same,
    shown: 'echo',
    leaves: true,
    refusal: { pattern: /io_uring_setup: Function not implemented/, shown: 'ENOSYS, no ring' },
  },
  {
    operation: 'setuid',
    label: 'a setuid helper: su',
    answer: () => 'root',
    shown: 'acts as root',
    leaves: false,
    refusal: { pattern: /su acts as user [1-9]/, shown: 'acts as its caller' },
  },
];

export const thingsThatGoOn: readonly Attempt[] = [
  { operation: 'tls', label: 'TLS, opened before', answer: same, shown: 'echo' },
  { operation: 'unix', label: 'PostgreSQL, new Unix socket', answer: digest, shown: 'right answer' },
  { operation: 'pipes', label: 'a child with pipes: sort', answer: sorted, shown: 'sorted' },
  { operation: 'fork', label: 'a child with IPC: fork()', answer: digest, shown: 'right answer' },
  { operation: 'display', label: 'an X client on Xvfb', answer: () => screenSize, shown: screenSize },
  { operation: 'files', label: 'files and timers', answer: same, shown: 'same bytes' },
];
