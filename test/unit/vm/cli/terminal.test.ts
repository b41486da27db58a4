// SPDX-License-Identifier: MIT
import { Reporter } from '../../../../vm/cli/terminal';
import { renderSummary } from '../../../../vm/verdict/summary';

const progress = (done: number) => ({ phase: 'compiling net/ipv4', done, expected: 100, secondsLeft: 5 });

function report(isTerminal: boolean) {
  const written: string[] = [];
  let time = 0;
  const terminal = {
    isTerminal,
    width: 40,
    writeOutput: (text: string) => written.push(`output: ${text}`),
    writeError: (text: string) => written.push(text),
  };
  const reporter = new Reporter(terminal, () => time);
  return { written, reporter, wait: (seconds: number) => (time += seconds * 1000) };
}

it('has one line that changes on a terminal, no wider than it, and clears it', () => {
  const { written, reporter } = report(true);
  reporter.progress(progress(1));
  reporter.progress(progress(2));
  reporter.say('done');
  expect(written).toEqual([
    '\r1 of 100 objects, 5 s left, compiling n\u001b[K',
    '\r2 of 100 objects, 5 s left, compiling n\u001b[K',
    '\r\u001b[K',
    '> done\n',
  ]);
});

it('has a line now and then in a log', () => {
  const { written, reporter, wait } = report(false);
  reporter.progress(progress(1));
  wait(15);
  reporter.progress(progress(2));
  wait(14);
  reporter.progress(progress(3));
  reporter.say('done');
  expect(written).toEqual(['  2 of 100 objects, 5 s left, compiling net/ipv4\n', '> done\n']);
});

it('sums up, and gives each failure and each skip its reason', () => {
  const test = (name: string, outcome: 'passed' | 'failed' | 'skipped', message = '') => ({
    suite: 's',
    name,
    outcome,
    message,
  });
  const long = Array.from({ length: 20 }, (_, index) => `line ${index}`).join('\n');
  const cases = [test('a', 'passed'), test('b', 'failed', long), test('c', 'skipped', 'no such device')];
  const text = renderSummary([{ name: 's', seconds: 1.25, cases, output: '' }]);
  expect(text).toMatch(/FAILED +s +1 +1 +1 +1\.3\n/);
  expect(text).toMatch(/all +1 +1 +1\n/);
  expect(text).toContain('FAILED: s: b\n    line 8\n');
  expect(text).toContain('skipped: s: c\n    no such device\n');
});
