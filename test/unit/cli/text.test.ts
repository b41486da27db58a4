// SPDX-License-Identifier: MIT
import { printable, renderTable, wrapText } from '../../../lib/command-line/text';

it('makes names of other processes harmless for a terminal', () => {
  expect(printable('\u001b]0;title\u0007')).toBe('\\x1b]0;title\\x07');
  expect(printable('a\nb\u009b\u202ec')).toBe('a\\x0ab\\x9b\\u{202e}c');
  expect(printable('naïve 日本 🙂')).toBe('naïve 日本 🙂');
});

it('aligns the columns of a table, without spaces at the end', () => {
  expect(renderTable([['a', 'bb', 'c'], ['aaa', 'b', ''], ['x']])).toBe('a    bb  c\naaa  b\nx\n');
  expect(renderTable([])).toBe('');
});

it('breaks text between words only', () => {
  expect(wrapText('one two three', 9, 2)).toBe('  one two\n  three\n');
  expect(wrapText('unbreakable it', 4, 0)).toBe('unbreakable\nit\n');
});
