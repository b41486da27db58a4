// SPDX-License-Identifier: MIT
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildInitramfs, findBusybox, isElf, isStatic } from '../../../../vm/guest/initramfs';
import { joinPlans, planPrograms, planSelftests } from '../../../../vm/guest/test-plan';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dn-plan-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (name: string, content: string): string => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
};
const plan = (...sources: string[]) => planPrograms(sources, { limit: 9, folder, headers: null });

it('runs each selftest of the list from its own folder, with the files beside it', () => {
  write('kselftest-list.txt', 'net:a_test\nnet:b.sh\nlandlock:c_test\n');
  chmodSync(write('net/a_test', ''), 0o755);
  write('net/lib/helper.sh', '');
  write('landlock/c_test', '');
  write('kselftest/runner.sh', '');
  write('other/not-listed', '');
  const { programs, files } = planSelftests(folder, 7);
  expect(programs).toEqual([
    { name: 'net:a_test', command: ['/selftests/net/a_test'], limit: 7 },
    { name: 'net:b.sh', command: ['/selftests/net/b.sh'], limit: 7 },
    { name: 'landlock:c_test', command: ['/selftests/landlock/c_test'], limit: 7 },
  ]);
  expect(files.map(({ target }) => target).sort()).toEqual([
    '/selftests/kselftest/runner.sh',
    '/selftests/landlock/c_test',
    '/selftests/net/a_test',
    '/selftests/net/lib/helper.sh',
  ]);
  expect(files.filter(({ executable }) => executable).map(({ target }) => target)).toEqual(['/selftests/net/a_test']);
});

it('has no tests where none were installed', () => {
  expect(planSelftests(folder, 7).programs).toEqual([]);
});

it('takes scripts and C files, and gives two of one name two names', async () => {
  const programs = [write('a.sh', '#!/bin/sh\n'), write('b/a.sh', '#!/bin/sh\n'), write('c d.c', 'int main() {}\n')];
  const planned = await plan(...programs);
  expect(planned.programs.map(({ name }) => name)).toEqual(['a.sh', 'a.sh-2', 'c-d.c']);
  expect(isStatic(readFileSync(planned.files[2]?.source ?? ''))).toBe(true);
  expect(planned.shares).toEqual([]);
});

it('runs JavaScript by Node, which it shares', async () => {
  const planned = await plan(write('a.mjs', ''), write('b.js', ''));
  expect(planned.programs[0]?.command).toEqual([
    '/node/ld.so',
    '--library-path',
    '/node',
    '/node/node',
    '/programs/0/a.mjs',
  ]);
  expect(planned.shares.filter(({ tag }) => tag === 'node')).toHaveLength(1);
});

it('joins plans in their order', async () => {
  const one = await plan(write('a.sh', '#!/bin/sh\n'));
  const two = await plan(write('b.sh', '#!/bin/sh\n'));
  expect(joinPlans([two, one]).programs.map(({ name }) => name)).toEqual(['b.sh', 'a.sh']);
});

describe('refuses, with the reason,', () => {
  it.each([
    ['what is not there', 'no-such', '', "there is no program '"],
    ['what cannot be compiled', 'a.c', 'int main() { return nothing; }\n', 'a.c cannot be compiled'],
    ['what is no program', 'a.txt', 'text\n', 'is neither an ELF program nor a script that begins with #!'],
  ])('%s', async (_, name, content, message) => {
    const file = content === '' ? path.join(folder, name) : write(name, content);
    await expect(plan(file)).rejects.toThrow(message);
  });

  it('a program that needs a dynamic linker', async () => {
    expect(isElf(readFileSync(process.execPath))).toBe(true);
    await expect(plan(process.execPath)).rejects.toThrow('link it with -static');
  });
});

it('packs a file system that cpio reads, with the modes that count', () => {
  const script = write('x', '#!/bin/sh\n');
  const files = [
    { source: script, target: '/programs/0/x', executable: true },
    { source: script, target: '/data/x', executable: false },
  ];
  const archive = gunzipSync(buildInitramfs('#!/busybox/busybox sh\n', files));
  const { stdout } = spawnSync(findBusybox(), ['cpio', '-tv'], { input: archive, encoding: 'utf8' });
  const mode = (name: string) => new RegExp(`^(\\S+) .* ${name}$`, 'm').exec(stdout)?.[1];
  expect([mode('init'), mode('busybox/busybox'), mode('programs/0/x'), mode('data/x')]).toEqual([
    '-rwxr-xr-x',
    '-rwxr-xr-x',
    '-rwxr-xr-x',
    '-rw-r--r--',
  ]);
  expect(mode('dev/console')).toBe('crw-------');
});
