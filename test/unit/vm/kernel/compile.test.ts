// SPDX-License-Identifier: MIT
// With a real make(1), in a tree of a few lines.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compile, configure } from '../../../../vm/kernel/compile';
import type { Progress } from '../../../../vm/kernel/progress';
import { runBound, spawnBound } from '../../../../vm/children';

let tree: string;

beforeEach(() => {
  tree = mkdtempSync(path.join(tmpdir(), 'dn-compile-'));
});
afterEach(() => {
  rmSync(tree, { recursive: true });
});

const options = () => ({ tree, jobs: 1, compiler: 'gcc', environment: process.env });
const write = (makefile: string) => {
  writeFileSync(path.join(tree, 'Makefile'), makefile);
};

it('hands out the configuration that came of the fragments, the last line of each symbol', async () => {
  write('allnoconfig:\n\tcp $(KCONFIG_ALLCONFIG) .config\n');
  const config = await configure(options(), 'CONFIG_A=y\nCONFIG_B="x"\n# CONFIG_A is not set\n');
  expect(config).toBe('# CONFIG_A is not set\nCONFIG_B="x"\n');
});

it('names the first line that was not honoured, and lists all', async () => {
  write('allnoconfig:\n\techo "# CONFIG_A is not set" >.config\n');
  await expect(configure(options(), 'CONFIG_A=y\nCONFIG_B=y\n')).rejects.toMatchObject({
    kind: 'config',
    message: expect.stringContaining(
      '2 lines of the configuration were not honoured, the first is CONFIG_A: wanted y, got n.',
    ) as string,
    details: 'CONFIG_A: wanted y, got n\nCONFIG_B: wanted y, got n',
  });
});

it('tells how far it is', async () => {
  const object = 'true -c -o $@ ';
  write(`.PHONY: prepare vmlinux\nprepare:\nvmlinux: a.o b.o\n%.o:\n\t@echo '  CC      $@'\n\t@${object}\n`);
  const seen: Progress[] = [];
  await compile(options(), (progress) => seen.push(progress));
  expect(seen.map(({ done, expected }) => `${done}/${expected ?? '?'}`)).toEqual(['0/2', '1/2', '2/2']);
});

it('says what the compiler said first, and shows the end', async () => {
  write("prepare:\nvmlinux:\n\t@echo 'a.c:1:2: error: first'; echo 'b.c:1:2: error: second'; exit 1\n");
  await expect(compile(options(), () => undefined)).rejects.toMatchObject({
    kind: 'build',
    message: 'compiling failed: a.c:1:2: error: first',
    details: expect.stringContaining('b.c:1:2: error: second') as string,
  });
});

it('hands on lines as they come, and both outputs', async () => {
  const lines: string[] = [];
  const { code, output } = await runBound(['sh', '-c', 'cat; echo err >&2; printf end; exit 3'], {
    input: 'in\n',
    onLine: (line) => lines.push(line),
  });
  expect([code, lines.sort()]).toEqual([3, ['err', 'in']]);
  expect(output).toHaveLength('in\nerr\nend'.length);
  for (const text of ['in\n', 'err\n', 'end']) expect(output).toContain(text);
});

it('answers null for a program that a signal ended', async () => {
  expect((await runBound(['sh', '-c', 'kill -9 $$'])).code).toBeNull();
});

it('takes its children with it', async () => {
  const script = `require('node:child_process').spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'sleep', '1000'], { stdio: 'inherit' });
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300);`;
  const started = performance.now();
  // Ends only when the sleeper, which has the other end of the pipe, has ended.
  await runBound([process.execPath, '-e', script]);
  expect(performance.now() - started).toBeLessThan(20_000);
  const child = spawnBound('KILL', ['sleep', '1000']);
  child.kill('SIGKILL');
});
