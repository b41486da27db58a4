// SPDX-License-Identifier: MIT
import { readCatalogue } from '../../../../lib/vm/regression/catalogue';

const { folders, left, unstable } = readCatalogue();

it('names each program once', () => {
  const names = folders.flatMap(({ folder, programs, scripts }) =>
    [...programs, ...scripts].map((name) => `${folder}:${name}`),
  );
  const all = [...names, ...left.map(({ program }) => program)];
  expect(new Set(all).size).toBe(all.length);
  expect(unstable.filter(({ program }) => !names.includes(program))).toEqual([]);
});

it('gives a reason for what is not run and for what is not compared', () => {
  expect([...left, ...unstable].filter(({ reason }) => reason.length < 10)).toEqual([]);
});
