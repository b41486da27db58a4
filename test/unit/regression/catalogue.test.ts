// SPDX-License-Identifier: MIT
import { chooseFolders, readCatalogue } from '../../../kernel-patch/regression/catalogue';

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

it('names a folder that it does not have, before anything is compiled', () => {
  expect(chooseFolders(folders, [])).toBe(folders);
  expect(chooseFolders(folders, ['prctl', 'net']).map(({ folder }) => folder)).toEqual(['prctl', 'net']);
  expect(() => chooseFolders(folders, ['prctl', 'net:socket'])).toThrow(
    /regression has no folder net:socket: choose from landlock, .*net\.$/,
  );
});
