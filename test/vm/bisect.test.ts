// SPDX-License-Identifier: MIT
// A real bisection, by git, of a tree that is the user's own, with a test that is the user's own.
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { main, run, writeScript } from './command';
import { git, writeTree } from './stub-tree';

jest.setTimeout(1_200_000);

const cache = mkdtempSync(path.join(tmpdir(), 'dn-bisect-cache-'));
let good: string;
let bad: string;
const doesNotBuild = '@echo "a.c:1:1: error: planted"; exit 1';

beforeAll(() => {
  const patched = run(['build']);
  if (patched.code !== 0) throw new Error(patched.error);
  good = `cp ${patched.output.trim()} vmlinux`;
  // The list of the modules that are in force without `lsm=`, with a name that no module has.
  bad = `sed 's/,disablenetwork/,disablenetworX/g' ${patched.output.trim()} > vmlinux`;
});

afterAll(() => {
  rmSync(cache, { recursive: true });
});

// The kernels of these trees are of no use to anyone.
const environment = { XDG_CACHE_HOME: cache };
const program = () => writeScript('own-test', 'grep -q disablenetwork /sys/kernel/security/lsm');
const bisectRun = (tree: string, ...args: string[]) =>
  run(['bisect-run', '--kernel', tree, '--program', program(), ...args], environment);

it('says good, bad or skip', () => {
  expect(bisectRun(writeTree(good)).code).toBe(0);
  const { code, output } = bisectRun(writeTree(bad));
  expect(output).toContain('FAILED: own-test: exit code');
  expect(code).toBe(1);
  const skipped = bisectRun(writeTree(doesNotBuild));
  expect(skipped.error).toContain('compiling failed: a.c:1:1: error: planted');
  expect(skipped.code).toBe(125);
});

it('ends the bisection when nothing of it is the fault of the tree', () => {
  expect(bisectRun(writeTree(good), '--nosuch').code).toBe(255);
  expect(bisectRun(writeTree(good), '--program', '/no/such/file').code).toBe(255);
});

it('leads git to the first bad commit', () => {
  const tree = writeTree(good);
  git(tree, 'init', '--quiet', '--initial-branch', 'main');
  const recipes = [good, good, good, doesNotBuild, good, bad, bad];
  for (const [index, recipe] of recipes.entries()) {
    writeTree(`${recipe} # ${index + 1}`, tree);
    git(tree, 'add', '--all');
    git(tree, 'commit', '--quiet', '--message', `commit ${index + 1}`);
  }
  const before = readFileSync(path.join(tree, 'Makefile'), 'utf8');
  const wrapper = writeScript(
    'bisect',
    `XDG_CACHE_HOME=${cache} exec ${process.execPath} ${main} bisect-run --kernel . --program ${program()}`,
  );
  chmodSync(wrapper, 0o755);
  git(tree, 'bisect', 'start', 'HEAD', 'HEAD~6');
  const log = git(tree, 'bisect', 'run', wrapper);
  expect(log).toMatch(/is the first bad commit[^]*commit 6/);
  expect(git(tree, 'bisect', 'log')).toContain('git bisect skip');
  git(tree, 'bisect', 'reset');
  // The user's tree is only read.
  expect(readFileSync(path.join(tree, 'Makefile'), 'utf8')).toBe(before);
  expect(git(tree, 'status', '--porcelain', '--ignored')).toBe('');
});
