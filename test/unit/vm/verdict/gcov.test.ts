// SPDX-License-Identifier: MIT
// With a real compiler and a real gcov.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { judgeCoverage, measureCoverage } from '../../../../vm/verdict/coverage';
import { measuredFolder, readExplanations, runGcov } from '../../../../vm/verdict/gcov';

const source = `#include "a.h"
int main(int count, char **words)
{
	if (count > 9)
		return 1;
	return half(count);
}
`;
const header = 'static inline int half(int x)\n{\n\treturn x > 1 ? 2 : 0;\n}\n';
let folder: string;
let kernel: string;
let archive: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dn-gcov-'));
  kernel = path.join(folder, 'kernel');
  const tree = path.join(kernel, 'coverage');
  const measured = path.join(tree, measuredFolder);
  mkdirSync(measured, { recursive: true });
  writeFileSync(path.join(measured, 'a.c'), source);
  writeFileSync(path.join(measured, 'a.h'), header);
  const file = path.join(measuredFolder, 'a');
  execFileSync('gcc', ['--coverage', '-c', `${file}.c`, '-o', `${file}.o`], { cwd: tree });
  execFileSync('gcc', ['--coverage', `${file}.o`, '-o', path.join(folder, 'program')], { cwd: tree });
  execFileSync(path.join(folder, 'program'));
  // As the guest hands it over: the whole path of the object, below the top.
  const moved = path.join(folder, 'guest/some/tree', measuredFolder);
  mkdirSync(moved, { recursive: true });
  execFileSync('mv', [path.join(measured, 'a.gcda'), moved]);
  archive = execFileSync('tar', ['-C', path.join(folder, 'guest'), '-czf', '-', '.']).toString('base64');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('finds what did not run, in a file and in the header that it includes', async () => {
  const { objects, sources } = await runGcov(archive, kernel, path.join(folder, 'run'));
  const problems = judgeCoverage(measureCoverage(objects, sources, [])).cases.flatMap(({ message }) =>
    message.split('\n').filter((line) => line !== ''),
  );
  expect(problems).toEqual([
    'a.c:4: 1 of 2 branches never taken: if (count > 9)',
    'a.c:5: never ran: return 1;',
    'a.h:3: 1 of 2 branches never taken: return x > 1 ? 2 : 0;',
  ]);
});

it('does not take an object without counters for one that is reached', async () => {
  const empty = execFileSync('tar', ['-czf', '-', '--files-from', '/dev/null']).toString('base64');
  await expect(runGcov(empty, kernel, path.join(folder, 'empty'))).rejects.toThrow('no counters for a.gcno');
  await expect(runGcov('bm9uZQ==', kernel, path.join(folder, 'broken'))).rejects.toThrow('cannot be unpacked');
});

it('reads the explanations that are committed, each with a reason', () => {
  for (const { file, line, reason } of readExplanations()) {
    expect(file).toMatch(/^[a-z]+\.[ch]$/);
    expect(line).toBe(line.trim());
    expect(reason.length).toBeGreaterThan(20);
  }
});
