// SPDX-License-Identifier: MIT
// Processes that are not fresh: another user, a user namespace, restrictions that were there before.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInChild } from '../../support/child';
import { repository } from '../../support/folders';
import { byProvider, provider } from '../support/provider';

jest.setTimeout(120_000);

interface Outcome {
  before: string;
  after: string;
  provider: string;
  uid: number;
  limits: string[];
}

/** Connects, drops, connects again; prints an {@link Outcome}. */
const program = `
  const net = require('node:net');
  const { disableNetwork } = require(process.argv[1]);
  const tryConnect = (port) => new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve('ok'); });
    socket.on('error', ({ code }) => resolve(code));
  });
  const server = net.createServer((socket) => socket.destroy()).listen(0, '127.0.0.1', async () => {
    const { port } = server.address();
    const before = await tryConnect(port);
    server.close();
    const { provider, limits } = disableNetwork({ explain: false });
    const after = await tryConnect(port);
    console.log(JSON.stringify({ before, after, provider, uid: process.getuid(), limits: limits.map(({ id }) => id) }));
  });`;

describe('the drop', () => {
  // Another user may not be allowed to read the folder that the repository lies in.
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'disablenetwork-copy-'));
    chmodSync(copy, 0o755);
    for (const part of ['package.json', 'dist', 'prebuilds']) {
      cpSync(join(repository, part), join(copy, part), { recursive: true });
    }
  });
  afterAll(() => {
    rmSync(copy, { recursive: true });
  });

  /** Runs the program behind other programs, such as `setpriv`. */
  function drop(...prefix: string[]): Outcome {
    const [file, ...args] = [...prefix, process.execPath, '-e', program, join(copy, 'dist/index.js')];
    return JSON.parse(execFileSync(file, args, { encoding: 'utf8', cwd: copy })) as Outcome;
  }

  const success = { before: 'ok', after: 'EPERM', provider };

  it('works as it is started, and names the capabilities of root', () => {
    const outcome = drop();
    expect(outcome).toMatchObject({ ...success, uid: process.getuid?.() });
    expect(outcome.limits.includes('privileged-process')).toBe(process.getuid?.() === 0);
  });

  it('works as an unprivileged user', () => {
    // Who is no root already runs every test as an unprivileged user.
    const other = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
    const outcome = drop(...other);
    expect(outcome).toMatchObject(success);
    expect(outcome.uid).not.toBe(0);
    expect(outcome.limits).not.toContain('privileged-process');
  });

  it('works inside a user namespace', () => {
    expect(drop('unshare', '--user', '--map-root-user')).toMatchObject({ ...success, uid: 0 });
  });

  it('works with no_new_privs set, and without any capability', () => {
    expect(drop('setpriv', '--no-new-privs')).toMatchObject(success);
    expect(drop('setpriv', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs')).toMatchObject(success);
  });
});

describe('a process that is restricted before', () => {
  it('gets its 16th Landlock domain, and then a weaker provider or an error, never a lie', async () => {
    const result = await runInChild(({ library, syscalls }) => {
      const attributes = Buffer.alloc(16);
      attributes.writeBigUInt64LE(1n << 12n); // LANDLOCK_ACCESS_FS_MAKE_SYM: handled, and of no interest here.
      const ruleset = syscalls.syscall(444, attributes, 16, 0);
      syscalls.syscall(157, 38, 1, 0, 0, 0); // prctl(PR_SET_NO_NEW_PRIVS)
      const restrict = (): number => syscalls.syscall(446, ruleset, 0);
      const plans: unknown[] = [];
      for (let domains = 1; domains <= 16; domains += 1) {
        if (restrict() !== 0) throw new Error(`domain ${String(domains)} was refused`);
        if (domains >= 15) plans.push(library.planDisableNetwork().provider);
      }
      let demanded: unknown;
      try {
        demanded = library.disableNetwork({ provider: 'landlock' }).provider;
      } catch (error) {
        demanded = (error as { code?: string }).code;
      }
      const receipt = library.disableNetwork();
      return {
        plans,
        demanded,
        provider: receipt.provider,
        seventeenth: restrict(),
        disabled: library.isNetworkDisabled(),
      };
    }, null);
    expect(result).toMatchObject(
      byProvider({
        // It needs no domain.
        lsm: { plans: ['lsm', 'lsm'], demanded: 'lsm', provider: 'lsm' },
        landlock: {
          plans: ['landlock', 'seccomp'],
          demanded: 'ERR_DISABLENETWORK_UNSUPPORTED',
          provider: 'seccomp',
        },
      }),
    );
    expect(result.disabled).toBe(true);
    expect(result.seventeenth).toBe(-7); // E2BIG: the limit was the real one.
  });

  it('hears which thread could not be restricted, where each has to be', async () => {
    const result = await runInChild(({ library, syscalls, SYS, AF_INET }) => {
      const thread = new syscalls.NativeThread('none');
      const attributes = Buffer.alloc(16);
      attributes.writeBigUInt64LE(1n << 12n);
      const ruleset = syscalls.syscall(444, attributes, 16, 0);
      thread.syscall(157, 38, 1, 0, 0, 0);
      for (let domains = 1; domains <= 16; domains += 1) thread.syscall(446, ruleset, 0);
      try {
        library.disableNetwork();
        return { code: 'none', message: '', tid: thread.tid, socket: thread.syscall(SYS.socket, AF_INET, 1, 0) };
      } catch (error) {
        const { code, message } = error as InstanceType<typeof library.DisableNetworkError>;
        return { code, message, tid: thread.tid, socket: 0 };
      }
    }, null);
    if (provider === 'lsm') {
      expect(result).toMatchObject({ code: 'none', socket: -1 });
      return;
    }
    expect(result.code).toBe('ERR_DISABLENETWORK_PARTIAL');
    expect(result.message).toContain(`Thread ${String(result.tid)} could not be restricted`);
  });

  it('keeps the filters that it had, and is told of a thread whose own filters are in the way', async () => {
    const result = await runInChild(({ attack, library, syscalls }) => {
      // A filter that answers getppid with EDOM (33), and allows the rest.
      const filter = attack.filterProgram([
        [0x20, 0, 0, 0],
        [0x15, 0, 1, 110],
        [0x06, 0, 0, 0x00050000 + 33],
        [0x06, 0, 0, 0x7fff0000],
      ]);
      const failure = (): unknown => {
        try {
          return { provider: library.disableNetwork().provider };
        } catch (error) {
          const { code, message } = error as InstanceType<typeof library.DisableNetworkError>;
          return { code, message };
        }
      };
      const thread = new syscalls.NativeThread('none');
      thread.syscall(157, 38, 1, 0, 0, 0);
      if (thread.syscall(317, 1, 0, filter.program) !== 0) throw new Error('no filter on the thread');
      const odd = { tid: thread.tid, failure: failure() };
      thread.stop();
      syscalls.syscall(157, 38, 1, 0, 0, 0);
      if (syscalls.syscall(317, 1, 0, filter.program) !== 0) throw new Error('no filter');
      const receipt = library.disableNetwork();
      return {
        odd,
        provider: receipt.provider,
        getppid: syscalls.syscall(110),
        inOthers: syscalls.syscallInNewThread(110),
      };
    }, null);
    expect(result.odd.failure).toEqual(
      byProvider<unknown>({
        lsm: { provider: 'lsm' },
        landlock: {
          code: 'ERR_DISABLENETWORK_UNSUPPORTED',
          message: expect.stringContaining(`thread ${String(result.odd.tid)}`) as string,
        },
      }),
    );
    expect(result).toMatchObject({ provider, getppid: -33, inOthers: -33 });
  });
});
