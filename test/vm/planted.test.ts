// SPDX-License-Identifier: MIT
// Each kind of failure, planted: the harness must catch it. The first test is their control.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bootAndRun } from '../../vm/guest/machine';
import { judgeRun } from '../../vm/verdict/outcome';
import { main, plainKernel, run, runPrograms, writeFile, writeScript } from './command';

jest.setTimeout(1_200_000);

const good = 'echo TAP version 13; echo 1..1; echo ok 1 planted';

beforeAll(plainKernel);

it('passes what is in order', () => {
  const junit = writeFile('junit.xml', '');
  const programs = [
    writeScript('good', good),
    writeScript('quiet', 'test "$(id -u)" = 0'),
    writeScript('memory', "awk '/MemTotal/ { exit !($2 > 300000 && $2 < 524288) }' /proc/meminfo"),
    writeFile(
      'program.c',
      '#include <linux/landlock.h>\nint main(void) { return sizeof(struct landlock_ruleset_attr) < 8; }\n',
    ),
  ];
  const { code, output, error } = runPrograms(programs, '--lsm', 'yama,landlock', '--memory', '512', '--junit', junit);
  expect(error).not.toContain("kernel's log");
  expect(output).toContain('all        7       0       0');
  expect(code).toBe(0);
  expect(readFileSync(junit, 'utf8')).toContain('tests="7" failures="0"');
});

it.each([
  ['a test that says so', 'echo TAP version 13; echo 1..1; echo not ok 1 planted; exit 1', 'planted: planted'],
  ['an exit code', 'exit 7', 'exit code 7'],
  [
    'a program that died before its plan was kept',
    'echo TAP version 13; echo 1..2; echo ok 1 a; exit 0',
    '2 tests were planned',
  ],
  ['a program that hangs', 'echo before; sleep 1000', 'it was still running after'],
  ['a panic', 'echo c >/proc/sysrq-trigger; sleep 9', 'Kernel panic - not syncing'],
  ['a warning in the log', `echo '<4>WARNING: planted here' >/dev/kmsg; ${good}`, 'WARNING: planted here'],
  ['a report of KASAN', `echo '<3>BUG: KASAN: planted' >/dev/kmsg; ${good}`, 'kernel log: kasan'],
  ['a machine that ends too early', 'poweroff -f; sleep 9', 'the machine ended before the guest said that it was done'],
  ['a machine that reboots', 'reboot -f; sleep 9', 'the machine ended while it ran'],
])('catches %s', (_, script, message) => {
  const { code, output, error } = runPrograms([writeScript('planted', script)], '--timeout', '5');
  expect(output).toContain(message);
  expect(error).toContain("the end of the kernel's log");
  expect(code).toBe(1);
});

it('keeps the files of the boot when it is asked to, and says where', () => {
  const { code, error } = runPrograms([writeScript('good', good)], '--keep');
  const [, kept = ''] = /^> the files of the boot: (.*)$/m.exec(error) ?? [];
  expect(code).toBe(0);
  expect(readFileSync(path.join(kept, 'console.log'), 'utf8')).toContain('Linux version');
  rmSync(kept, { recursive: true });
  expect(runPrograms([writeScript('good', good)]).error).not.toContain('the files of the boot');
});

it('catches a wrong order of security modules', () => {
  const { code, output } = runPrograms([writeScript('good', good)], '--lsm', 'yama,nosuch');
  expect(output).toContain('nosuch is not among the security modules in force');
  expect(code).toBe(1);
});

it.each([
  ['kasan', ['DEBUG_ATOMIC_SLEEP', 'lockdep', 'UBSAN', 'DEBUG_LIST', 'KASAN']],
  ['kcsan', ['KCSAN']],
])('does not believe in %s where there is none', (sanitizer, checkers) => {
  const { code, output } = runPrograms([writeScript('good', good)], '--sanitizer', sanitizer);
  for (const checker of checkers) expect(output).toContain(`the sanitizer is not alive: ${checker} did not report`);
  expect(output).toMatch(/ok +good +1 +0/);
  expect(code).toBe(1);
});

describe('a machine that never speaks', () => {
  const boot = async (...kernelArguments: string[]) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'dn-boot-'));
    const { report, faults, end } = await bootAndRun({
      accelerator: 'tcg',
      kernel: plainKernel(),
      programs: [],
      files: [],
      shares: [],
      lsm: null,
      kernelArguments,
      coverage: false,
      folder,
      bootLimit: 15,
      timeLimit: 30,
    }).finally(() => rmSync(folder, { recursive: true }));
    const [machine] = judgeRun(report, faults, end, { programs: [], lsm: null, requiredLsm: null });
    return {
      end,
      failures: machine?.cases.filter(({ outcome }) => outcome === 'failed').map(({ message }) => message),
    };
  };

  it('is no failure of this test itself', async () => {
    expect(await boot()).toEqual({ end: 'off', failures: [] });
  });

  it('is caught when it hangs', async () => {
    // Without a first process the kernel panics, and panic=0 makes it stay there.
    const { end, failures } = await boot('rdinit=/no/such', 'panic=0');
    expect(end).toBe('boot-timeout');
    expect(failures?.[0]).toContain('the boot hangs');
  });

  it('is caught when there is no success channel', async () => {
    const { end, failures } = await boot('8250.nr_uarts=1');
    expect(end).toBe('off');
    expect(failures?.[0]).toBe('the machine ended before the guest said anything on the success channel');
  });
});

describe('a kernel that cannot be built', () => {
  it('is one whose configuration is not honoured', () => {
    const fragment = writeFile('odd.config', 'CONFIG_NO_SUCH_SYMBOL=y\n');
    const { code, error } = run(['build', '--no-patch', '--config', fragment]);
    expect(error).toContain('CONFIG_NO_SUCH_SYMBOL: wanted y, got n');
    expect(code).toBe(125);
  });

  it('is a tree that does not take the series', () => {
    const tree = mkdtempSync(path.join(tmpdir(), 'dn-tree-'));
    writeFileSync(path.join(tree, 'Makefile'), 'VERSION = 6\nPATCHLEVEL = 12\nmrproper:\n');
    mkdirSync(path.join(tree, 'security'));
    writeFileSync(path.join(tree, 'security/Kconfig'), 'something else\n');
    const { code, error } = run(['bisect-run', '--kernel', tree]);
    rmSync(tree, { recursive: true });
    expect(error).toMatch(/the tree does not take 0001-.*\.patch: /);
    expect(code).toBe(125);
  });

  it('is any where the disk is full', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'dn-full-'));
    // A small disk that only this command sees.
    const script = `mount -t tmpfs -o size=30M none "$0" && XDG_CACHE_HOME="$0" exec "$@"`;
    const command = ['--user', '--map-root-user', '--mount', 'sh', '-c', script, folder];
    const answer = spawnSync('unshare', [...command, process.execPath, main, 'build', '--no-patch'], {
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });
    expect(answer.stderr).toContain('the disk is full at');
    expect(answer.status).toBe(125);
  });
});
