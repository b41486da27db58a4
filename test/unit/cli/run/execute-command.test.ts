// SPDX-License-Identifier: MIT
import { constants } from 'node:os';
import { executeCommand } from '../../../../lib/cli/run/execute-command';
import { createFakeContext } from '../fake-context';

const { ENOENT, EACCES, ENOEXEC, ENOTDIR, E2BIG } = constants.errno;

/** Executes with a kernel that answers each file as given, and ENOENT for the others. */
function run(command: string[], answers: Record<string, number>, overrides = {}) {
  const tried: [string, readonly string[]][] = [];
  const context = createFakeContext({
    execute: (file, args) => {
      tried.push([file, args]);
      return -(answers[file] ?? ENOENT);
    },
    ...overrides,
  });
  return { exitCode: executeCommand(command, [], context), tried, errors: context.written.errors };
}

it('searches each folder of PATH in turn, an empty one being the current', () => {
  const { tried, exitCode, errors } = run(['prog', 'a b', ''], {});
  expect(tried).toEqual(['/first/prog', './prog', '/second/prog'].map((file) => [file, ['prog', 'a b', '']]));
  expect([exitCode, errors]).toEqual([127, "disablenetwork: 'prog': command not found\n"]);
});

it('searches the system folders when PATH is not set, and the current one when it is empty', () => {
  expect(run(['prog'], {}, { path: undefined }).tried.map(([file]) => file)).toEqual(['/bin/prog', '/usr/bin/prog']);
  expect(run(['prog'], {}, { path: '' }).tried.map(([file]) => file)).toEqual(['./prog']);
});

it('does not search for a name with a slash', () => {
  expect(run(['./prog'], {}).tried.map(([file]) => file)).toEqual(['./prog']);
  expect(run([''], {})).toMatchObject({ tried: [], exitCode: 127, errors: "disablenetwork: '': command not found\n" });
});

it('goes on after a file that may not be executed, and says so in the end', () => {
  const { tried, exitCode, errors } = run(['prog'], { '/first/prog': EACCES, './prog': ENOTDIR });
  expect(tried).toHaveLength(3);
  expect([exitCode, errors]).toEqual([126, "disablenetwork: 'prog': cannot be executed: EACCES\n"]);
});

it('stops at any other failure', () => {
  const { tried, exitCode, errors } = run(['prog'], { '/first/prog': E2BIG });
  expect(tried).toHaveLength(1);
  expect([exitCode, errors]).toEqual([126, "disablenetwork: 'prog': cannot be executed: E2BIG\n"]);
});

it('gives a file that is no program to the shell', () => {
  const { tried } = run(['./script', '-x'], { './script': ENOEXEC });
  expect(tried).toEqual([
    ['./script', ['./script', '-x']],
    ['/bin/sh', ['/bin/sh', './script', '-x']],
  ]);
});

it('tells a missing interpreter from a missing command', () => {
  const { exitCode, errors } = run(['./script'], {}, { fileExists: (file: string) => file === './script' });
  expect([exitCode, errors]).toEqual([126, "disablenetwork: './script': its interpreter does not exist\n"]);
});

it('shows a name harmlessly', () => {
  expect(run(['\u001bc'], {}).errors).toBe("disablenetwork: '\\x1bc': command not found\n");
});
