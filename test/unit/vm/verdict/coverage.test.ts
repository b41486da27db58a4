// SPDX-License-Identifier: MIT
import { judgeCoverage, measureCoverage, type GcovFile } from '../../../../vm/verdict/coverage';
import { renderCoverage } from '../../../../vm/verdict/coverage-table';

const name = 'security/disablenetwork/a.c';
const sources = new Map([[name, 'int f(int x)\n{\n\tif (x)\n\t\treturn 1;\n\treturn 0;\n}\n']]);
const line = (number: number, count: number, ...branches: readonly number[]) => ({
  line_number: number,
  count,
  branches: branches.map((taken) => ({ count: taken })),
});
const object = (...lines: GcovFile['lines']): GcovFile => ({ file: name, lines });
const whole = object(line(1, 5), line(3, 5, 2, 3), line(4, 2), line(5, 3));
const half = object(line(1, 5), line(3, 5, 0, 5), line(4, 0), line(5, 5));
const explained = { file: 'a.c', line: 'return 1;', reason: 'nobody asks' };
const failures = (objects: readonly GcovFile[], explanations = [] as (typeof explained)[]) =>
  judgeCoverage(measureCoverage(objects, sources, explanations))
    .cases.filter(({ outcome }) => outcome === 'failed')
    .flatMap(({ message }) => message.split('\n'));

it('has nothing to say when everything was reached', () => {
  expect(failures([whole])).toEqual([]);
});

it('names each line that never ran, and each branch that was never taken', () => {
  expect(failures([half])).toEqual(['a.c:3: 1 of 2 branches never taken: if (x)', 'a.c:4: never ran: return 1;']);
});

it('takes an explanation for a line, and for no other', () => {
  expect(failures([half], [explained])).toEqual(['a.c:3: 1 of 2 branches never taken: if (x)']);
});

it('asks to remove an explanation that nothing needs', () => {
  const stale = 'a.c: this is reached or gone, remove its explanation: return 1;';
  expect(failures([whole], [explained])).toEqual([stale]);
  expect(failures([whole], [{ ...explained, line: 'gone' }])).toEqual([stale.replace('return 1;', 'gone')]);
});

it('adds what the users of a header have reached together', () => {
  expect(failures([half, object(line(3, 1, 1, 0), line(4, 1))])).toEqual([]);
});

it('keeps the copy of an inline function that shows more', () => {
  expect(failures([object(line(3, 1)), half])).toContain('a.c:3: 1 of 2 branches never taken: if (x)');
  expect(failures([half, object(line(3, 1))])).toContain('a.c:3: 1 of 2 branches never taken: if (x)');
});

it('fails without data', () => {
  expect(failures([])).toEqual(['there is no data: has the kernel the series?']);
});

it('shows numbers, and reasons where there are some', () => {
  const text = renderCoverage(measureCoverage([half], sources, [explained]));
  expect(text).toMatch(/a\.c +3\/4 +1\/2 +1 +1\n/);
  expect(text).toMatch(/all +3\/4 +1\/2 +1 +1\n/);
  expect(text).toContain('a.c:4: never ran: return 1;\n    nobody asks\n');
  expect(text).toContain('a.c:3: 1 of 2 branches never taken: if (x)\n    NOT EXPLAINED\n');
});
