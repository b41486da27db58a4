// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { digestSource, nearestBase, placeSource, readVersion, resolveSource } from '../../../../vm/kernel/source';

let folder: string;
let tree: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dn-source-'));
  tree = path.join(folder, 'tree');
  mkdirSync(path.join(tree, 'kernel'), { recursive: true });
  writeFileSync(path.join(tree, 'Makefile'), 'VERSION = 6\nPATCHLEVEL = 13\nmrproper:\n\trm -f made.o\n');
  writeFileSync(path.join(tree, 'kernel/a b.c'), 'one\n');
  writeFileSync(path.join(tree, 'made.o'), 'object\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...args], { cwd: tree });
const commitAll = () => {
  git('init', '--quiet');
  writeFileSync(path.join(tree, '.gitignore'), '*.o\n');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'all');
};
const asTree = () => {
  const source = resolveSource(tree);
  if (source.kind !== 'tree') throw new Error(source.kind);
  return source;
};
const digest = () => digestSource(asTree());

it('knows a tree by its Makefile, and an image by being a file', () => {
  expect(resolveSource(tree)).toEqual({ kind: 'tree', base: '6.12', folder: tree });
  expect(resolveSource(path.join(tree, 'made.o'))).toEqual({ kind: 'image', file: path.join(tree, 'made.o') });
});

it('says what --kernel takes', () => {
  expect(() => resolveSource('6.11')).toThrow(
    "there is no '6.11': --kernel takes 6.12, 6.1, a kernel tree or an image.",
  );
  expect(() => resolveSource(folder)).toThrow(`${folder} is no kernel tree: its Makefile names no version.`);
});

it('reads a version, and takes the patches of the newest base that is not newer', () => {
  expect(readVersion('# x\nVERSION = 6\nPATCHLEVEL = 1\n')).toEqual([6, 1]);
  expect(readVersion('all:\n')).toBeNull();
  const bases = (
    [
      [5, 15],
      [6, 1],
      [6, 11],
      [6, 12],
      [6, 18],
      [7, 0],
    ] as const
  ).map(nearestBase);
  expect(bases).toEqual(['6.1', '6.1', '6.1', '6.12', '6.12', '6.12']);
});

describe.each([
  ['of a git repository', commitAll],
  ['without git', () => undefined],
])('a tree %s', (_, prepare) => {
  beforeEach(prepare);

  it('has another digest for another content', async () => {
    const first = await digest();
    expect(await digest()).toBe(first);
    writeFileSync(path.join(tree, 'kernel/a b.c'), 'changed\n');
    const changed = await digest();
    writeFileSync(path.join(tree, 'kernel/new.c'), 'new\n');
    const added = await digest();
    expect(new Set([first, changed, added]).size).toBe(3);
  });

  it('is copied without what was built in it, and stays as it is', async () => {
    writeFileSync(path.join(tree, 'kernel/new.c'), 'not committed\n');
    const target = path.join(folder, 'copy');
    await placeSource(asTree(), target);
    expect(readFileSync(path.join(target, 'kernel/a b.c'), 'utf8')).toBe('one\n');
    expect(readFileSync(path.join(target, 'kernel/new.c'), 'utf8')).toBe('not committed\n');
    expect(existsSync(path.join(target, 'made.o'))).toBe(false);
    expect(existsSync(path.join(tree, 'made.o'))).toBe(true);
  });
});

it('copies what git knows without what was deleted', async () => {
  commitAll();
  rmSync(path.join(tree, 'kernel/a b.c'));
  await placeSource(asTree(), path.join(folder, 'copy'));
  expect(readdirSync(path.join(folder, 'copy')).sort()).toEqual(['.gitignore', 'Makefile']);
});

it('gives two commits of the same content one digest', async () => {
  commitAll();
  const first = await digest();
  git('commit', '--quiet', '--allow-empty', '--message', 'nothing');
  expect(await digest()).toBe(first);
});

it('says that a tarball cannot be unpacked', async () => {
  const tarball = path.join(folder, 'broken.tar.xz');
  writeFileSync(tarball, 'nothing');
  const source = { kind: 'debian', base: '6.12', tarball } as const;
  await expect(placeSource(source, path.join(folder, 'copy'))).rejects.toThrow('broken.tar.xz cannot be unpacked');
});
