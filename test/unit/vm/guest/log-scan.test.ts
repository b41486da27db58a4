// SPDX-License-Identifier: MIT
import { scanLog } from '../../../../vm/guest/log-scan';

it.each([
  ['[    1.5] BUG: KASAN: slab-out-of-bounds in f+0x1/0x2', 'kasan'],
  ['[    1.5][  T12] BUG: KCSAN: data-race in a / b', 'kcsan'],
  ['UBSAN: array-index-out-of-bounds in x.c:3:4', 'ubsan'],
  ['WARNING: possible circular locking dependency detected', 'lockdep'],
  ['BUG: sleeping function called from invalid context at a.c:1', 'lockdep'],
  ['WARNING: CPU: 0 PID: 12 at kernel/x.c:3 f+0x1/0x2', 'warning'],
  ['BUG: unable to handle page fault for address: 00', 'oops'],
  ['Oops: general protection fault, 0000 [#1] SMP', 'oops'],
  ['kernel BUG at mm/slub.c:12!', 'bug'],
  ['Kernel panic - not syncing: Attempted to kill init!', 'panic'],
  ['Kernel panic - not syncing: UBSAN: panic_on_warn set ...', 'panic'],
  ['INFO: task cat:12 blocked for more than 120 seconds.', 'hung'],
  ['\u001b[1;31mrcu: INFO: rcu_sched detected stalls on CPUs\u001b[0m', 'hung'],
])('finds %j', (line, kind) => {
  expect(scanLog(`before\n${line}\r\nafter\n`)).toMatchObject([{ kind, test: null }]);
});

it('lets an ordinary log pass', () => {
  const log = '[    0.0] Linux version 6.12\n[    0.1] x86/bugs: mitigations on\n[    0.2] debug: DEBUG: on\n';
  expect(scanLog(log)).toEqual([]);
});

it('says during which test', () => {
  const log =
    'WARNING: early\n<6>[    2.0] disablenetwork-vm: begin a:b\n[    2.1] ------------[ cut here ]------------\n' +
    '[    2.1] WARNING: CPU: 0 PID: 1 at x.c:1 f\n[    2.2] disablenetwork-vm: end a:b\nWARNING: late\n';
  expect(scanLog(log).map(({ line, test }) => [line, test])).toEqual([
    ['WARNING: early', null],
    ['WARNING: CPU: 0 PID: 1 at x.c:1 f', 'a:b'],
    ['WARNING: late', null],
  ]);
});
