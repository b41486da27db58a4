// SPDX-License-Identifier: MIT
import { median, medianOf, mergeCounts, minimum, mode, parseCounts, total } from '../../../kernel-patch/cost/counts';
import { VmError } from '../../../vm/errors';

it('reads counts and values', () => {
  const { counts, values } = parseCounts('count a 10*3 12*1\nvalue b -22\n\n');
  expect([...(counts.get('a') ?? [])]).toEqual([
    [10, 3],
    [12, 1],
  ]);
  expect(values.get('b')).toEqual([-22]);
});

it.each(['count a 10', 'count a x*3', 'value b', 'value b 1.5', 'error main.c:3: NEED'])('rejects %j', (line) => {
  expect(() => parseCounts(line)).toThrow(VmError);
});

it('adds boots up', () => {
  const { counts, values } = mergeCounts([
    parseCounts('count a 10*3 12*1\nvalue b 1\n'),
    parseCounts('count a 12*4\nvalue b 3\n'),
  ]);
  expect(Object.fromEntries(counts.get('a') ?? [])).toEqual({ 10: 3, 12: 5 });
  expect(values.get('b')).toEqual([1, 3]);
});

it.each<[string, readonly (readonly [number, number])[], number, number]>([
  ['one number', [[7, 5]], 7, 7],
  // prettier-ignore
  ['numbers out of order', [[30, 1], [10, 3], [20, 2]], 10, 10],
  // prettier-ignore
  ['an outlier', [[5, 1], [6, 4], [9000, 2]], 6, 6],
  // prettier-ignore
  ['a mode above the median', [[1, 2], [2, 2], [9, 3]], 9, 2],
  // prettier-ignore
  ['two modes', [[4, 2], [3, 2]], 3, 3],
])('condenses %s', (_, pairs, expectedMode, expectedMedian) => {
  const counts = new Map(pairs);
  expect(mode(counts)).toBe(expectedMode);
  expect(median(counts)).toBe(expectedMedian);
});

it('condenses lists', () => {
  expect(medianOf([9, 1, 5])).toBe(5);
  expect(medianOf([4, 4, 1])).toBe(4);
  expect(
    minimum(
      new Map([
        [9, 5],
        [7, 1],
      ]),
    ),
  ).toBe(7);
  expect(total(new Map([[1, 2]]))).toBe(2);
});

it('does not condense nothing', () => {
  expect(() => mode(new Map())).toThrow(VmError);
  expect(() => median(new Map())).toThrow(VmError);
  expect(() => minimum(new Map())).toThrow(VmError);
});
