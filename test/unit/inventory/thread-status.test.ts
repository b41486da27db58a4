// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { parseThreadStatus } from '../../../lib/inventory/thread-status';
import type { RawThread } from '../../../lib/native/binding';
import { errorOf } from './samples';

const status = [
  'Name:\tnode',
  'State:\tS (sleeping)',
  'Tgid:\t50',
  'Pid:\t55',
  'NoNewPrivs:\t1',
  'Seccomp:\t2',
  'Seccomp_filters:\t3',
  '',
].join('\n');

function statLine(name: string, flags: string): string {
  return `55 (${name}) S 1 50 50 0 -1 ${flags} 12 0 0 0 1 2 0 0 20 0 11 0 3456 1000 200 18446744073709551615\n`;
}

function thread(changes: Partial<RawThread> = {}): RawThread {
  return { tid: 55, status, stat: statLine('node', '4194304'), foreign: [], ...changes };
}

function without(name: string): string {
  return status.replace(new RegExp(`^${name}:.*\n`, 'm'), '');
}

it('reads what the kernel writes', () => {
  expect(parseThreadStatus(thread())).toEqual({
    tid: 55,
    name: 'node',
    noNewPrivileges: true,
    seccompMode: 2,
    seccompFilters: 3,
    kernelWorker: false,
  });
});

it('reads this very thread', () => {
  const read = (name: string) => readFileSync(`/proc/self/task/${process.pid}/${name}`, 'utf8');
  const state = parseThreadStatus({ tid: process.pid, status: read('status'), stat: read('stat'), foreign: [] });
  expect(state).toMatchObject({ tid: process.pid, kernelWorker: false });
});

it('takes a missing number of filters for an older kernel', () => {
  expect(parseThreadStatus(thread({ status: without('Seccomp_filters') })).seccompFilters).toBeNull();
});

it('does not guess at no_new_privs where the kernel does not say', () => {
  expect(parseThreadStatus(thread({ status: without('NoNewPrivs') })).noNewPrivileges).toBeNull();
});

it.each([
  ['an io_uring worker', 4194304 + 0x10, true],
  ['a vhost worker', 4194304 + 0x4000, true],
  ['the highest flags', 0xffff_ffff, true],
  ['no worker', 0xffff_ffff - 0x4010, false],
])('tells %s by its flags', (_, flags, expected) => {
  expect(parseThreadStatus(thread({ stat: statLine('iou-wrk-50', String(flags)) })).kernelWorker).toBe(expected);
});

it.each(['a b', ')', '((', ') S 1 1 1 1 1 16 ', 'x) S 1 50 50 0 ', 'two\nlines', '55 (node) S 1', ') ', 'Seccomp:\t2'])(
  'is not fooled by a thread that calls itself %j',
  (name) => {
    expect(parseThreadStatus(thread({ stat: statLine(name, '4194304') })).kernelWorker).toBe(false);
    expect(parseThreadStatus(thread({ stat: statLine(name, '4194320') })).kernelWorker).toBe(true);
  },
);

it('takes a name that looks like another line for a name', () => {
  const hostile = without('Seccomp').replace('Name:\tnode', 'Name:\tx\\nSeccomp:\t0') + 'Seccomp:\t2\n';
  expect(parseThreadStatus(thread({ status: hostile }))).toMatchObject({ name: 'x\\nSeccomp:\t0', seccompMode: 2 });
});

describe('text that is not the kernel’s', () => {
  it.each([
    ['no text', ''],
    ['another file', 'MemTotal: 12 kB\n'],
    ['no name', without('Name')],
    ['no Seccomp (a kernel without it)', without('Seccomp')],
    ['an empty number', status.replace('Seccomp:\t2', 'Seccomp:\t')],
    ['a word', status.replace('Seccomp:\t2', 'Seccomp:\tfilter')],
    ['a negative number', status.replace('Seccomp:\t2', 'Seccomp:\t-1')],
    ['a fraction', status.replace('Seccomp:\t2', 'Seccomp:\t1.5')],
    ['a mode of the future', status.replace('Seccomp:\t2', 'Seccomp:\t3')],
    ['a long number', status.replace('Seccomp_filters:\t3', `Seccomp_filters:\t${'9'.repeat(400)}`)],
    ['a NoNewPrivs that is no truth value', status.replace('NoNewPrivs:\t1', 'NoNewPrivs:\t2')],
    ['spaces for the tab', status.replaceAll('\t', ' ')],
  ])('in status is an error: %s', (_, text) => {
    const { code, message } = errorOf(() => parseThreadStatus(thread({ status: text })));
    expect(code).toBe('ERR_DISABLENETWORK_KERNEL');
    expect(message).toContain('thread 55');
  });

  it.each([
    ['no text', ''],
    ['another thread’s', statLine('node', '0').replace('55', '56')],
    ['no name', '55 S 1 50 50 0 -1 0'],
    ['cut off before the flags', '55 (node) S 1 50 50 0 -1'],
    ['cut off in the name', '55 (no'],
    ['a word for the flags', statLine('node', 'flags')],
    ['negative flags', statLine('node', '-1')],
    ['endless flags', statLine('node', '9'.repeat(400))],
    ['no flags at all', statLine('node', '')],
  ])('in stat is an error: %s', (_, stat) => {
    const { code, message } = errorOf(() => parseThreadStatus(thread({ stat })));
    expect(code).toBe('ERR_DISABLENETWORK_KERNEL');
    expect(message).toContain('thread 55');
  });

  it('is shown without its control characters, and not at length', () => {
    const hostile = status.replace('Seccomp:\t2', `Seccomp:\t\u001b[2J${'x'.repeat(1000)}`);
    const { message } = errorOf(() => parseThreadStatus(thread({ status: hostile })));
    expect(message).not.toContain('\u001b');
    expect(message.length).toBeLessThan(400);
  });
});
