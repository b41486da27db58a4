// SPDX-License-Identifier: MIT
import { compareRuns } from '../../../kernel-patch/regression/compare';
import { isGood, judgeRegression } from '../../../kernel-patch/regression/judge';
import { renderMarkdown, renderReport } from '../../../kernel-patch/regression/report';
import type { Outcome } from '../../../vm/verdict/ktap';
import type { Suite } from '../../../vm/verdict/outcome';

type Result = readonly [name: string, outcome: Outcome, message?: string];

const suite = (name: string, ...results: readonly Result[]): Suite => ({
  name,
  seconds: 1,
  output: '',
  cases: results.map(([test, outcome, message = '']) => ({ suite: name, name: test, outcome, message })),
});

const machine = suite('machine', ['boots', 'passed']);
const plain = [suite('net:tls', ['a', 'passed'], ['b', 'failed', 'why'], ['c', 'skipped']), machine];
const changed = [suite('net:tls', ['a', 'failed'], ['b', 'failed', 'why'], ['c', 'skipped']), machine];
const known = [{ program: 'net:tls', test: 'a', reason: 'it counts on time' }];

describe('two runs', () => {
  it('are equal, whatever their messages say', () => {
    const other = [suite('net:tls', ['a', 'passed'], ['b', 'failed', 'in another way'], ['c', 'skipped']), machine];
    expect(compareRuns(plain, other)).toEqual([]);
  });

  it.each<[string, readonly Result[], string]>([
    ['an outcome', [['a', 'failed']], 'failed'],
    ['a test that is gone', [], 'no result'],
    ['a test that is skipped', [['a', 'skipped']], 'skipped'],
  ])('differ by %s', (_, results, after) => {
    expect(compareRuns([suite('p', ['a', 'passed'])], [suite('p', ...results)])).toEqual([
      { program: 'p', test: 'a', before: 'passed', after },
    ]);
  });

  it('differ by one of two tests of the same name', () => {
    const before = [suite('p', ['a', 'passed'], ['a', 'passed'])];
    const after = [suite('p', ['a', 'passed'], ['a', 'failed'])];
    expect(compareRuns(before, after)).toEqual([{ program: 'p', test: 'a #2', before: 'passed', after: 'failed' }]);
  });

  it('differ by an exit code', () => {
    const before = [suite('p', ['exit code', 'failed', 'exit code 1'])];
    const after = [suite('p', ['exit code', 'failed', 'exit code 139'])];
    expect(compareRuns(before, after)).toHaveLength(1);
  });
});

describe('the verdict', () => {
  it('is good when everything is equal, also what fails on both', () => {
    const report = judgeRegression({ without: plain, again: plain, patched: plain }, { unstable: [] });
    expect(report.faults).toEqual([]);
    expect(isGood(report)).toBe(true);
  });

  it('is bad when the series changes a result', () => {
    const report = judgeRegression({ without: plain, again: plain, patched: changed }, { unstable: [] });
    expect(isGood(report)).toBe(false);
    expect(report.programs[0]?.differences).toHaveLength(1);
    const text = renderReport({ ...report, suites: plain, left: [], kernel: '6.12', seconds: 1 });
    expect(text).toContain('DIFFERS: net:tls: a: passed without, failed with the series');
    expect(text).toContain('fails on both: net:tls: b: why');
    expect(text).toContain('FAILED: 1 programs with 3 tests, 1 differ');
  });

  it('does not compare what is known to be unstable, and says so', () => {
    const report = judgeRegression({ without: plain, again: changed, patched: changed }, { unstable: known });
    expect(isGood(report)).toBe(true);
    const left = [{ program: 'net:x', reason: 'it is * special' }];
    const text = renderMarkdown({ ...report, suites: plain, left, kernel: '6.12', seconds: 1 });
    expect(text).toContain('| net:tls | 1 | 1 | 1 | equal, 1 not compared |');
    expect(text).toContain('- net:tls: a: it counts on time');
    expect(text).toContain(String.raw`- net:x: it is \* special`);
  });

  it.each([
    ['a test that is unstable and not named', { without: plain, again: changed, patched: plain }, [], 'unstable.json'],
    [
      'a name that no test has',
      { without: plain, again: plain, patched: plain },
      [{ ...known[0], test: 'z' }],
      'no test',
    ],
    [
      'a program of which nothing passes',
      {
        without: [suite('p', ['a', 'skipped'])],
        again: [suite('p', ['a', 'skipped'])],
        patched: [suite('p', ['a', 'skipped'])],
      },
      [],
      'it shows nothing',
    ],
    [
      'a program that was killed, in each boot alike',
      {
        without: [suite('p', ['a', 'passed'], ['ends', 'failed', 'killed'])],
        again: [suite('p', ['a', 'passed'], ['ends', 'failed', 'killed'])],
        patched: [suite('p', ['a', 'passed'], ['ends', 'failed', 'killed'])],
      },
      [],
      'with the series: p: ends: killed',
    ],
    [
      'a machine that failed',
      { without: plain, again: plain, patched: [plain[0], suite('machine', ['boots', 'failed', 'panic'])] },
      [],
      'with the series: machine: boots: panic',
    ],
  ])('is bad for %s', (_, boots, unstable, message) => {
    const report = judgeRegression(boots as Parameters<typeof judgeRegression>[0], {
      unstable: unstable as typeof known,
    });
    expect(report.faults.join('\n')).toContain(message);
    expect(isGood(report)).toBe(false);
  });
});
