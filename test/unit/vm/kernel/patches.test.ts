// SPDX-License-Identifier: MIT
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { applyPatches, listPatches } from '../../../../vm/kernel/patches';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dn-patches-'));
  writeFileSync(path.join(folder, 'a'), 'one\ntwo\nthree\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const writePatch = (text: string): string => {
  const file = path.join(folder, '0001-change.patch');
  writeFileSync(file, `--- a/a\n+++ b/a\n${text}`);
  return file;
};
const change = '@@ -1,3 +1,3 @@\n one\n-two\n+TWO\n three\n';

it('has the series for 6.12, in order and without its cover letter', () => {
  const names = listPatches('6.12').map((file) => path.basename(file));
  expect(names[0]).toMatch(/^0001-/);
  expect(names).toEqual([...names].sort());
});

it('says that there is no series', () => {
  mkdirSync(path.join(folder, 'patches/6.1'), { recursive: true });
  expect(() => listPatches('6.1', folder)).toThrow('there is no series for 6.1');
});

it('applies a patch, also one whose place has moved', async () => {
  writeFileSync(path.join(folder, 'a'), 'new\none\ntwo\nthree\n');
  await applyPatches(folder, [writePatch(change)]);
  expect(readFileSync(path.join(folder, 'a'), 'utf8')).toBe('new\none\nTWO\nthree\n');
});

it.each([
  ['whose surroundings are others', change.replace(' three', ' four'), 'FAILED'],
  ['that is in there already', change.replace('-two\n+TWO', '-TWO\n+two'), 'previously applied'],
])('applies none %s, and says which it was and what to do', async (_, text, why) => {
  const message = await applyPatches(folder, [writePatch(text)]).catch(String);
  expect(message).toContain('the tree does not take 0001-change.patch: ');
  expect(message).toContain(why);
  expect(message).toContain('. Use --no-patch for a tree that has the series already, or none of it.');
  expect(readFileSync(path.join(folder, 'a'), 'utf8')).toBe('one\ntwo\nthree\n');
});
