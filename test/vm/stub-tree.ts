// SPDX-License-Identifier: MIT
// A kernel's tree of a few lines, whose compiler hands out an image that is there already: enough for
// whatever is about the harness, and a build takes no time.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const trees: string[] = [];

afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});

/** @param recipe how the tree makes vmlinux, as a line for make(1) */
export function writeTree(recipe: string, tree = mkdtempSync(path.join(tmpdir(), 'dn-stub-'))): string {
  trees.push(tree);
  // It counts as a tree that has the series.
  mkdirSync(path.join(tree, 'security/disablenetwork'), { recursive: true });
  writeFileSync(path.join(tree, 'security/disablenetwork/Makefile'), '');
  writeFileSync(
    path.join(tree, 'Makefile'),
    [
      'VERSION = 6\nPATCHLEVEL = 12\n',
      'allnoconfig:\n\tcp $(KCONFIG_ALLCONFIG) .config\n',
      'prepare mrproper:\n',
      `vmlinux:\n\t${recipe}\n`,
    ].join('\n'),
  );
  return tree;
}

export function git(tree: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid'];
  const { stdout, stderr, status } = spawnSync('git', [...identity, ...args], { cwd: tree, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}
