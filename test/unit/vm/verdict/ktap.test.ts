// SPDX-License-Identifier: MIT
import { isKtap, leafTests, parseKtap } from '../../../../vm/verdict/ktap';

const outcomes = (text: string) => leafTests(parseKtap(text).tests).map(({ name, outcome }) => `${name}: ${outcome}`);

const harness = `TAP version 13
1..3
# Starting 3 tests from 1 test cases.
#  RUN           global.one ...
#            OK  global.one
ok 1 global.one
# two.c:12:two:Expected 1 (1) == 2 (2)
# two: Test terminated by assertion
#          FAIL  global.two
not ok 2 global.two
ok 3 global.three # SKIP no SCTP
# FAILED: 2 / 3 tests passed.
`;

it('reads what kselftest_harness prints', () => {
  const { tests, faults } = parseKtap(harness);
  expect(faults).toEqual([]);
  expect(tests.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['global.one', 'passed'],
    ['global.two', 'failed'],
    ['global.three', 'skipped'],
  ]);
  expect(tests[1]?.message).toContain('two.c:12:two:Expected 1 (1) == 2 (2)');
  expect(tests[2]?.message).toBe('SKIP no SCTP');
});

it.each([
  ['spaces', '  '],
  ['the marks of a run of kselftests', '# '],
])('nests by %s', (_, indent) => {
  const inner = [`KTAP version 1`, `1..2`, `ok 1 a`, `not ok 2 b`].map((line) => indent + line).join('\n');
  const text = `KTAP version 1\n1..2\n${inner}\nnot ok 1 outer\nok 2 alone\n`;
  expect(parseKtap(text).faults).toEqual([]);
  expect(outcomes(text)).toEqual(['outer > a: passed', 'outer > b: failed', 'alone: passed']);
});

it('nests twice', () => {
  const text = 'KTAP version 1\n1..1\n  1..1\n    1..1\n    not ok 1 c\n  not ok 1 b\nnot ok 1 a\n';
  expect(outcomes(text)).toEqual(['a > b > c: failed']);
});

it('counts a result that is worse than its subtests', () => {
  expect(outcomes('KTAP version 1\n1..1\n  1..1\n  ok 1 b\nnot ok 1 a\n')).toEqual(['a > b: passed', 'a: failed']);
});

it.each([
  ['a plan that was not kept', 'TAP version 13\n1..3\nok 1 a\nok 2 b\n', '3 tests were planned, and 2 have a result'],
  ['no plan', 'TAP version 13\nok 1 a\n', 'there is no plan for 1 tests'],
  ['a number out of order', 'TAP version 13\n1..2\nok 1 a\nok 3 b\n', "'ok 3 b' has the number 3 where 2 was due"],
  ['bailing out', 'TAP version 13\n1..1\nok 1 a\nBail out! no memory\n', 'Bail out! no memory'],
  ['an inner end', 'KTAP version 1\n1..1\n  1..2\n  ok 1 b\n', '2 tests were planned, and 1 have a result'],
])('distrusts %s', (_, text, fault) => {
  expect(parseKtap(text).faults).toContain(fault);
});

it('takes a plan for nothing as skipped', () => {
  expect(outcomes('TAP version 13\n1..0 # SKIP needs root\n')).toEqual(['everything: skipped']);
});

it('does not count what is expected to fail', () => {
  expect(outcomes('TAP version 13\n1..2\nnot ok 1 a # TODO later\nok 2 b # XFAIL odd\n')).toEqual([
    'a: skipped',
    'b: skipped',
  ]);
});

it('gives a test without a name its number', () => {
  expect(outcomes('TAP version 13\n1..2\nok 1\nok 2 # SKIP no x32\n')).toEqual(['test 1: passed', 'test 2: skipped']);
});

it('knows a report from other text', () => {
  expect(isKtap('hello\nTAP version 13\n')).toBe(true);
  expect(isKtap('  KTAP version 1\n')).toBe(true);
  expect(isKtap('all is ok 1\n')).toBe(false);
});
