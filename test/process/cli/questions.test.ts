// SPDX-License-Identifier: MIT
// check, status and ps: what they say of real processes, to whom.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';
import type { KernelSupport, NetworkStatus } from '../../../lib/types';
import { repository } from '../../support/folders';
import { compileProgram } from '../../support/programs';
import { timeFactor } from '../../support/time';
import { byProvider } from '../support/provider';
import { disablenetwork, main, next, program, runProgram, startDisablenetwork } from './command';

jest.setTimeout(120_000);

const { version } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as { version: string };
const unprivileged = ['--reuid=65534', '--regid=65534', '--clear-groups'];

/** What another process is said to have after a drop, without --inspect. */
const other = byProvider({ lsm: 'disabled', landlock: 'unknown' });

/** A command under `run` that waits until it is ended. */
let confined: ChildProcess;
let pid = 0;

beforeAll(async () => {
  confined = startDisablenetwork(['run', '--', 'sh', '-c', 'echo ready; read line'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  pid = confined.pid ?? 0;
  await next(confined, confined.stdout, 'data');
});

afterAll(async () => {
  const ended = once(confined, 'exit');
  confined.stdin?.end();
  await ended;
});

describe('check', () => {
  it('says what a bug report needs', () => {
    const { status, stdout, stderr } = disablenetwork(['check']);
    expect([status, stderr]).toEqual([0, '']);
    for (const fact of [version, process.version, release(), process.arch, /^C library +(glibc \d|musl)/m]) {
      expect(stdout).toMatch(fact);
    }
    expect(stdout).toMatch(/^Active {4}seccomp/m);
  });

  it('says the same as JSON', () => {
    const { status, stdout } = disablenetwork(['check', '--json']);
    expect(status).toBe(0);
    const support = JSON.parse(stdout) as KernelSupport & Record<string, unknown>;
    expect(support).toMatchObject({
      packageVersion: version,
      nodeVersion: process.version,
      platform: 'linux',
      architecture: process.arch,
      kernelRelease: release(),
    });
    expect(support.mechanisms.length).toBeGreaterThan(3);
  });

  it('works inside run', () => {
    const { status, stdout, stderr } = disablenetwork(['run', '--', ...program, 'check', '--json']);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({ provider: expect.stringMatching(/^(lsm|landlock|seccomp)$/) as string });
  });
});

describe('status', () => {
  it('of itself tells what a command from here inherits', () => {
    const free = disablenetwork(['status']);
    expect([free.status, free.stderr]).toEqual([1, '']);
    expect(free.stdout).toMatch(/^\d+: network enabled\n/);
    const inside = disablenetwork(['run', '--unix-sockets', 'all', '--', ...program, 'status']);
    expect([inside.status, inside.stderr]).toEqual([0, '']);
    expect(inside.stdout).toMatch(/^\d+: network disabled by \w+, Unix sockets all\n/);
  });

  it('of a process with the network', () => {
    const { status, stdout } = disablenetwork(['status', '--json', String(process.pid)]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout) as NetworkStatus).toMatchObject({ pid: process.pid, network: 'enabled' });
  });

  it('of another process is certain by the kernel patch, or with --inspect and the privilege', () => {
    const shown = disablenetwork(['status', String(pid)]);
    expect(shown.status).toBe(byProvider({ lsm: 0, landlock: 3 }));
    const answer = byProvider({
      lsm: 'disabled by lsm, Unix sockets pathname\n',
      landlock: 'unknown\n  .*\nWith --inspect ',
    });
    expect(shown.stdout).toMatch(new RegExp(`^${pid}: network ${answer}`));
    const inspected = disablenetwork(['status', '--inspect', '--json', String(pid)]);
    expect(inspected.status).toBe(0);
    expect(JSON.parse(inspected.stdout)).toMatchObject({ pid, network: 'disabled', unixSockets: 'pathname' });
  });

  it('of another process without the privilege is what the kernel patch says, or unknown and why', () => {
    const args = [...unprivileged, ...program, 'status', '--inspect', String(pid)];
    const { status, stdout } = runProgram('setpriv', args);
    const answer = byProvider({
      lsm: { code: 0, text: /: network disabled by lsm, Unix sockets pathname\n/ },
      landlock: { code: 3, text: /: network unknown\n {2}The filters of thread \d+ cannot be read \(E\w+\)\.\n$/ },
    });
    expect(status).toBe(answer.code);
    expect(stdout).toMatch(answer.text);
  });

  it('of a process with a filter that only claims it is unknown', async () => {
    const forged = spawn(compileProgram('forged-filter'), { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      expect(String(await next(forged, forged.stdout, 'data'))).toBe('open\n');
      const { status, stdout } = disablenetwork(['status', '--inspect', String(forged.pid)]);
      expect(status).toBe(3);
      expect(stdout).toMatch(/: network unknown\n {2}A filter of thread \d+ says .* forged\.\n$/);
    } finally {
      forged.kill();
    }
  });

  it('of a process that cannot be stopped comes soon, and leaves it as it was', async () => {
    const waiting = startDisablenetwork(['run', '--unix-sockets', 'connected', '--', compileProgram('vfork-wait')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await next(waiting, waiting.stdout, 'data');
    const start = Date.now();
    const { status, stdout } = disablenetwork(['status', '--inspect', String(waiting.pid)]);
    expect(Date.now() - start).toBeLessThan(10_000 * timeFactor);
    expect(status).toBe(byProvider({ lsm: 0, landlock: 3 }));
    if (status === 3) expect(stdout).toMatch(/\n {2}Thread \d+ does not stop: it waits in the kernel \(vfork\?\)\.\n$/);
    expect(readFileSync(`/proc/${String(waiting.pid)}/status`, 'utf8')).toMatch(/^TracerPid:\t0$/m);
    const ended = once(waiting, 'exit');
    waiting.stdin?.end();
    expect(await ended).toEqual([0, null]);
  });

  it('of no process is unknown', () => {
    const { status, stdout, stderr } = disablenetwork(['status', '4194304']);
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toBe('disablenetwork: there is no process 4194304, or /proc hides it\n');
  });

  it('of what is no process id is bad input', () => {
    expect(disablenetwork(['status', 'one'])).toMatchObject({ status: 2, stdout: '' });
  });
});

interface Listing {
  readonly processes: (NetworkStatus & { command: string[] })[];
  readonly otherUsersHidden: boolean;
}

describe('ps', () => {
  const list = (output: string) => JSON.parse(output) as Listing;
  const find = (output: string, wanted: number) => list(output).processes.find((listed) => listed.pid === wanted);

  it('lists a process that is disabled or cannot be judged, and leaves out one that has the network', () => {
    const { status, stdout, stderr } = disablenetwork(['ps', '--json']);
    expect([status, stderr]).toEqual([0, '']);
    expect(find(stdout, pid)).toMatchObject({ network: other, command: ['sh', '-c', 'echo ready; read line'] });
    expect(find(stdout, process.pid)).toBeUndefined();
    expect(disablenetwork(['ps']).stdout).toMatch(
      new RegExp(
        `^ *${pid}  ${byProvider({ lsm: 'disabled +lsm +pathname', landlock: 'unknown +- +-' })} +sh -c echo ready; read line$`,
        'm',
      ),
    );
  });

  it('names what is in force with --inspect', () => {
    const { stdout } = disablenetwork(['ps', '--inspect', '--json']);
    expect(find(stdout, pid)).toMatchObject({ network: 'disabled', unixSockets: 'pathname' });
  });

  it('judges itself', () => {
    const { stdout } = disablenetwork(['run', '--', ...program, 'ps', '--json']);
    expect(list(stdout).processes.filter(({ network }) => network === 'disabled')).toHaveLength(
      byProvider({ lsm: 2, landlock: 1 }),
    ); // The other one is `confined`.
  });

  it('shows an unprivileged user the processes of others as well', () => {
    const { status, stdout, stderr } = runProgram('setpriv', [...unprivileged, ...program, 'ps', '--json']);
    expect([status, stderr]).toEqual([0, '']);
    expect(find(stdout, pid)).toMatchObject({ network: other });
  });

  // In a mount namespace of its own, /proc is mounted as an administrator may have done. The user is one
  // that no other test is at the same time.
  const alone = ['--reuid=61234', '--regid=61234', '--clear-groups'];
  const hidden = (hidepid: string, ...command: string[]) =>
    runProgram('unshare', [
      '--mount',
      ...['sh', '-c', `mount -t proc -o hidepid=${hidepid} proc /proc && exec setpriv "$@"`, 'sh'],
      ...alone,
      ...program,
      ...command,
    ]);

  it('says that /proc hides the processes of other users', () => {
    const { status, stdout, stderr } = hidden('invisible', 'ps');
    expect([status, stdout]).toEqual([0, 'no process has its network off\n']);
    expect(stderr).toBe("disablenetwork: /proc hides other users' processes (hidepid): run this as root to see them\n");
    expect(list(hidden('invisible', 'ps', '--json').stdout).otherUsersHidden).toBe(true);
    expect(hidden('invisible', 'status', String(pid)).status).toBe(3);
  });

  it('says which processes /proc shows but does not let look into', () => {
    const reason = '/proc does not let this user look into it (EPERM).';
    const { status, stdout } = hidden('noaccess', 'ps', '--json');
    expect(status).toBe(0);
    expect(find(stdout, pid)).toMatchObject({ network: 'unknown', reason });
    const one = hidden('noaccess', 'status', '--json', String(pid));
    expect(one.status).toBe(3);
    expect(JSON.parse(one.stdout)).toMatchObject({ pid, network: 'unknown', reason });
  });

  it('does not mind processes that end meanwhile', () => {
    const script =
      'while :; do true & done 2>/dev/null & trap "kill $!" EXIT; for i in 1 2 3; do "$@" ps || exit; done';
    const { status, stderr } = runProgram('bash', ['-c', `ulimit -u 200; ${script}`, 'bash', ...program]);
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('output', () => {
  it('that nobody reads is no failure', () => {
    const { stderr, stdout } = runProgram('bash', [
      '-c',
      'set -o pipefail; "$@" --help | true; echo $? ${PIPESTATUS[0]}',
      'bash',
      ...program,
    ]);
    expect([stdout, stderr]).toEqual(['0 0\n', '']);
  });

  it('waits for a reader whose pipe is full and does not block', () => {
    const script = `import os, subprocess, sys, time
reader, writer = os.pipe()
os.set_blocking(writer, False)
filled = 0
try:
    while True: filled += os.write(writer, b'x' * 4096)
except BlockingIOError: pass
child = subprocess.Popen(sys.argv[1:], stdout=writer)
os.close(writer)
time.sleep(1)
output = b''
while chunk := os.read(reader, 65536): output += chunk
print(child.wait(), output[filled:].decode())`;
    const { stdout, stderr } = runProgram('python3', ['-c', script, ...program, '--version']);
    expect([stdout, stderr]).toEqual([`0 ${version}\n\n`, '']);
  });

  it('that cannot be written is one', () => {
    const { status, stderr } = spawnSync('sh', ['-c', `exec ${process.execPath} ${main} check > /dev/full`]);
    expect(status).toBe(125);
    expect(stderr.toString()).toContain('ENOSPC');
  });

  it('--version is the version of the package', () => {
    expect(disablenetwork(['--version']).stdout).toBe(`${version}\n`);
  });
});
