// SPDX-License-Identifier: MIT
// `disablenetwork run` becomes the command, and the command must not notice. Each test compares with
// the same command without it, or with what the test itself sent.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, openSync, closeSync, rmSync, writeFileSync, chmodSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { disablenetwork, main, next, program, runProgram, startDisablenetwork } from './command';

jest.setTimeout(120_000);

const run = (...command: string[]) => disablenetwork(['run', '--', ...command]);
const shell = (script: string) => runProgram('bash', ['-c', script, ...program]);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dn-cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function writeScript(name: string, text: string, mode = 0o755): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

describe('the exit code', () => {
  it.each([0, 1, 2, 3, 125, 126, 127, 255])("is the command's own: %d", (code) => {
    expect(run('sh', '-c', `exit ${code}`)).toEqual({ status: code, signal: null, stdout: '', stderr: '' });
  });

  it('is 127 for a command that does not exist', () => {
    const stderr = "disablenetwork: 'no-such-command': command not found\n";
    expect(run('no-such-command')).toEqual({ status: 127, signal: null, stdout: '', stderr });
    expect(run('/no/such/command').status).toBe(127);
    expect(run('').status).toBe(127);
  });

  it('is 126 for a file that cannot be executed', () => {
    const stderr = "disablenetwork: '/etc/passwd': cannot be executed: EACCES\n";
    expect(run('/etc/passwd')).toEqual({ status: 126, signal: null, stdout: '', stderr });
    expect(run(folder).status).toBe(126);
    expect(run(writeScript('lost', '#!/no/such/interpreter\n')).stderr).toContain('its interpreter does not exist');
  });

  it('is 125 when the drop fails, and the command does not start', () => {
    const refused = disablenetwork(['run', '--provider', 'lsm', '--unix-sockets', 'all', '--', 'echo', 'started']);
    expect(refused).toMatchObject({ status: 125, stdout: '' });
    expect(refused.stderr).toContain('ERR_DISABLENETWORK_UNSUPPORTED');
    expect(disablenetwork(['run', '--provider', 'seccomp', '--', 'echo', 'started']).stdout).toBe('started\n');
  });

  it('is 125 when the receipt cannot be written, and the command does not start', () => {
    const refused = disablenetwork(['run', '--receipt', '/no/such/folder/r', '--', 'echo', 'started']);
    expect(refused).toMatchObject({ status: 125, stdout: '' });
    expect(refused.stderr).toContain('/no/such/folder/r');
  });

  it('is 2 for bad input, with one line', () => {
    const stderr = "disablenetwork: unknown option '--unix-socket'. Did you mean '--unix-sockets'?\n";
    expect(disablenetwork(['run', '--unix-socket', 'all', '--', 'echo', 'started'])).toEqual({
      status: 2,
      signal: null,
      stdout: '',
      stderr,
    });
  });
});

describe('signals', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL', 'SIGUSR1'] as const)('%s from outside ends it', async (name) => {
    const child = startDisablenetwork(['run', '--', 'sh', '-c', 'echo ready; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await next(child, child.stdout, 'data');
    const ended = once(child, 'exit');
    child.kill(name);
    expect(await ended).toEqual([null, name]);
  });

  it('show in the shell as 128 and their number', () => {
    expect(shell(`"$0" "$1" run -- sh -c 'kill -TERM $$'; echo $?`).stdout).toBe('143\n');
  });

  it('have their default action and are not blocked, whatever Node or the caller did', () => {
    const fields = /^Sig(Blk|Ign):\t(\w+)$/gm;
    const nothing = ['SigBlk:\t0000000000000000', 'SigIgn:\t0000000000000000'];
    expect(run('cat', '/proc/self/status').stdout.match(fields)).toEqual(nothing);
    // Node has lost by then what was ignored: the manual page says so.
    const nohup = shell('trap "" HUP; "$0" "$1" run -- cat /proc/self/status');
    expect(nohup.stdout.match(fields)).toEqual(nothing);
    // The way that the manual page shows instead: bit 0 is SIGHUP.
    const inside = shell(`"$0" "$1" run -- sh -c 'trap "" HUP; exec cat /proc/self/status'`);
    expect(inside.stdout).toContain('SigIgn:\t0000000000000001');
  });

  it('SIGPIPE ends a writer whose reader has gone', () => {
    const script = "'yes | head -n 1; echo ${PIPESTATUS[@]}'";
    expect(shell(`"$0" "$1" run -- bash -c ${script}`).stdout).toBe('y\n141 0\n');
  });
});

describe('what goes in and out', () => {
  const bytes = randomBytes(3_000_000);

  it('passes standard input to standard output', () => {
    const { stdout } = spawnSync(process.execPath, [main, 'run', '--', 'cat'], { input: bytes, maxBuffer: 1e7 });
    expect(stdout.equals(bytes)).toBe(true);
  });

  it('passes standard error', () => {
    const args = [main, 'run', '--', 'sh', '-c', 'cat >&2'];
    const { stdout, stderr } = spawnSync(process.execPath, args, { input: bytes, maxBuffer: 1e7 });
    expect(stdout).toHaveLength(0);
    expect(stderr.equals(bytes)).toBe(true);
  });

  it('takes nothing from standard input before the command does', () => {
    const file = writeScript('lines', 'one\ntwo\nthree\n', 0o644);
    expect(shell(`(read a; "$0" "$1" run -- sh -c 'read b; echo $b'; read c; echo $a $c) < ${file}`).stdout).toBe(
      'two\none three\n',
    );
  });

  it('leaves the streams blocking', () => {
    // 02004000 would be O_NONBLOCK.
    const flags = shell(`"$0" "$1" run -v -- cat /proc/self/fdinfo/1 2>&1 | sed -n 's/^flags:\\t//p'`).stdout;
    expect(Number.parseInt(flags, 8) & 0o4000).toBe(0);
  });
});

describe('the process', () => {
  it('stays the same', async () => {
    const child = startDisablenetwork(['run', '--', 'sh', '-c', 'echo $$ $PPID'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output = await next<Buffer>(child, child.stdout, 'data');
    expect(output.toString()).toBe(`${child.pid ?? 0} ${process.pid}\n`);
  });

  it('keeps folder, umask, priority and limits', () => {
    const script = 'pwd; umask; nice; ulimit -St; ulimit -Hn';
    const before = 'cd /usr; umask 027; ulimit -St 3000';
    const expected = shell(`${before}; nice -n 5 bash -c '${script}'`).stdout;
    expect(shell(`${before}; nice -n 5 "$0" "$1" run -- bash -c '${script}'`).stdout).toBe(expected);
    expect(expected).toBe(`/usr\n0027\n5\n3000\n${expected.split('\n')[4] ?? ''}\n`);
  });
});

describe('arguments and environment', () => {
  // Each argument as the hexadecimal of its bytes.
  const showArguments = 'import os, sys; print([os.fsencode(a).hex() for a in sys.argv[1:]])';

  it('pass unchanged: empty, with spaces, line ends, UTF-8, and options', () => {
    const args = ['', ' ', 'a b', '\n', 'é', '日本', '🙂', '--', '-v', '--provider', '*', "'", '"', '\\'];
    const expected = args.map((text) => Buffer.from(text).toString('hex'));
    expect(
      run('python3', '-c', showArguments, ...args)
        .stdout.replaceAll("'", '"')
        .trim(),
    ).toBe(JSON.stringify(expected).replaceAll(',', ', '));
  });

  it('pass unchanged when they are no UTF-8', () => {
    const script = String.raw`"$0" "$1" run -- python3 -c '${showArguments}' $'\xff' $'a\xfe\xedb' é $'\xc3'`;
    expect(shell(script).stdout).toBe("['ff', '61feed62', 'c3a9', 'c3']\n");
  });

  it('reach a script that has no #! line', () => {
    const script = writeScript('plain', 'printf "[%s]" "$0" "$@"\n');
    expect(run(script, 'a b', '').stdout).toBe(`[${script}][a b][]`);
  });

  it('keep the name that the command was called by', () => {
    expect(run('bash', '-c', 'echo $0').stdout).toBe('bash\n');
    expect(run('/bin/bash', '-c', 'echo $0').stdout).toBe('/bin/bash\n');
  });

  it('pass the environment unchanged, also what is no UTF-8', () => {
    const env = { PATH: process.env['PATH'], EMPTY: '', SPACES: ' a  b ', LINES: 'a\nb=c', WORD: 'é日🙂' };
    const plain = runProgram('env', ['-0'], { env }).stdout.split('\0');
    expect(plain).toContain('WORD=é日🙂');
    expect(disablenetwork(['run', '--', 'env', '-0'], { env }).stdout.split('\0')).toEqual(plain);
    const script = String.raw`ODD=$'\xff\x01' "$0" "$1" run -- printenv ODD | od -An -tx1`;
    expect(shell(script).stdout).toBe(' ff 01 0a\n');
  });

  it('find the command in the folders of PATH', () => {
    const script = writeScript('found-in-path', '#!/bin/sh\necho found\n');
    const env = { ...process.env, PATH: `/no/such/folder:${folder}:/usr/bin:/bin` };
    expect(disablenetwork(['run', path.basename(script)], { env }).stdout).toBe('found\n');
  });
});

describe('descriptors', () => {
  const list = [
    'python3',
    '-c',
    `import os
for fd in sorted(map(int, os.listdir("/proc/self/fd"))):
    if os.path.exists(f"/proc/self/fd/{fd}"): print(fd, os.readlink(f"/proc/self/fd/{fd}").split("[")[0])`,
  ];

  it('are the ones that the caller gave, and none of Node', () => {
    // Both ends of a pipe at 3 and 4, a hole at 5, a file at 6, and one that is higher than Node looks.
    const launch = writeScript(
      'launch.py',
      `import os, sys
reader, writer = os.pipe()
for fd, number in (os.dup(reader), 3), (os.dup(writer), 4), (os.open("/etc/passwd", os.O_RDONLY), 6):
    os.dup2(os.dup2(fd, number + 100, False), number)
os.closerange(7, 20)
os.dup2(6, 20)
os.execvp(sys.argv[1], sys.argv[1:])
`,
    );
    const plain = runProgram('python3', [launch, ...list]).stdout;
    expect(plain).toMatch(/^3 pipe:\n4 pipe:\n6 \/etc\/passwd\n20 \/etc\/passwd\n/m);
    const wrapped = runProgram('python3', [launch, ...program, 'run', '--', ...list]).stdout;
    expect(wrapped).toBe(plain);
  });

  it('are all there when many stand above a gap, which Node fills', () => {
    const launch = writeScript(
      'launch-many.py',
      `import os, sys
fd = os.open("/etc/passwd", os.O_RDONLY)
for number in [*range(10, 26), *range(40, 43)]:
    os.dup2(fd, number)
os.closerange(3, 10)
os.execvp(sys.argv[1], sys.argv[1:])
`,
    );
    const plain = runProgram('python3', [launch, ...list]).stdout;
    expect(plain.match(/passwd/g)).toHaveLength(19);
    const wrapped = runProgram('python3', [launch, ...program, 'run', '--', ...list]).stdout;
    expect(wrapped).toBe(plain);
  });

  it('carry both ends of a pipe, as make has for its jobs', () => {
    const makefile = writeScript(
      'Makefile',
      `all:
\t+@${program.join(' ')} run -- sh -c 'echo "$$MAKEFLAGS" | grep -q jobserver && $(MAKE) --no-print-directory -f ${folder}/Makefile a b'
a b:
\t@echo $@
`,
      0o644,
    );
    const { stdout, stderr } = runProgram('make', ['--no-print-directory', '-j2', '-f', makefile]);
    expect(stderr).toBe('');
    expect(stdout.split('\n').sort()).toEqual(['', 'a', 'b']);
  });

  it('carry a process substitution', () => {
    expect(shell('"$0" "$1" run -- cat <(echo one) <(echo two)').stdout).toBe('one\ntwo\n');
  });

  it('carry the channel of child_process.fork()', async () => {
    const script = writeScript(
      'child.js',
      'process.on("message", (m) => { process.send({ got: m, pid: process.pid }, () => process.disconnect()); });',
    );
    const child = startDisablenetwork(['run', '--', process.execPath, script], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.send({ early: 1 });
    const message = await next<unknown>(child, child, 'message');
    expect(message).toEqual({ got: { early: 1 }, pid: child.pid });
  });

  it('carry a file at its position', () => {
    const file = writeScript('data', 'abcdef', 0o644);
    const fd = openSync(file, 'r+');
    const stdio = ['ignore', 'pipe', 'inherit', fd] as const;
    expect(disablenetwork(['run', '--', 'sh', '-c', 'head -c 3 <&3; echo XYZ >&3'], { stdio: [...stdio] }).stdout).toBe(
      'abc',
    );
    closeSync(fd);
    expect(readFileSync(file, 'utf8')).toBe('abcXYZ\n');
  });
});
