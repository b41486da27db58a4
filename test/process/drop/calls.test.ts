// SPDX-License-Identifier: MIT
// The call itself: what it answers, that it has one way only, and that bad input changes nothing.
import { runInChild } from '../../support/child';
import { byProvider, provider, touched } from '../support/provider';

jest.setTimeout(120_000);

describe('disableNetwork', () => {
  it('takes the network away and answers a frozen receipt that is JSON', async () => {
    const result = await runInChild(async ({ library, startEchoServer, tryConnect, threadStatuses }) => {
      const echo = await startEchoServer();
      const before = [await tryConnect(echo.port), library.isNetworkDisabled(), library.isNoSuid()];
      echo.close();
      const receipt = library.disableNetwork({ explain: false });
      return {
        before,
        after: [await tryConnect(echo.port), library.isNetworkDisabled(), library.isNoSuid()],
        receipt,
        same: JSON.stringify(receipt) === JSON.stringify(JSON.parse(JSON.stringify(receipt))),
        frozen: [receipt, receipt.kept, receipt.limits, receipt.limits[0]].every((part) => Object.isFrozen(part)),
        threads: threadStatuses().length,
      };
    }, null);
    expect(result.before).toEqual(['ok', false, false]);
    expect(result.after).toEqual(['EPERM', true, true]);
    expect(result.receipt).toMatchObject({
      alreadyDisabled: false,
      provider,
      unixSockets: 'pathname',
      closed: [],
      accepted: [],
    });
    expect(result.receipt.threads).toBe(result.threads);
    expect([result.same, result.frozen]).toEqual([true, true]);
  });

  it('is a success that changes nothing when called again, here, in a Worker and in a child', async () => {
    const result = await runInChild(async ({ library, paths, workers, childProcess, fs }) => {
      const filters = (): string =>
        /Seccomp_filters:\s*(\d+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
      const first = library.disableNetwork();
      const afterFirst = filters();
      const second = library.disableNetwork();
      const code = `const { parentPort } = require('node:worker_threads');
        parentPort.postMessage(require(${JSON.stringify(paths.library)}).disableNetwork().alreadyDisabled);`;
      const inWorker = await new Promise((resolve) =>
        new workers.Worker(code, { eval: true }).once('message', resolve),
      );
      const program = `console.log(require(${JSON.stringify(paths.library)}).disableNetwork().alreadyDisabled)`;
      const inChild = childProcess.execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }).trim();
      return {
        calls: [first.alreadyDisabled, second.alreadyDisabled, inWorker, inChild],
        filters: [afterFirst, filters()],
      };
    }, null);
    expect(result.calls).toEqual([false, true, true, 'true']);
    expect(result.filters[1]).toBe(result.filters[0]);
  });

  it('covers the process when a Worker calls it', async () => {
    const result = await runInChild(async ({ library, paths, workers, startEchoServer, tryConnect }) => {
      const echo = await startEchoServer();
      const before = await tryConnect(echo.port);
      echo.close();
      const code = `const { parentPort } = require('node:worker_threads');
        parentPort.postMessage(require(${JSON.stringify(paths.library)}).disableNetwork().threads);`;
      const threads = await new Promise<number>((resolve) =>
        new workers.Worker(code, { eval: true }).once('message', resolve),
      );
      return { before, after: await tryConnect(echo.port), threads, disabled: library.isNetworkDisabled() };
    }, null);
    expect(result.before).toBe('ok');
    expect(result.disabled).toBe(true);
    expect(result.after).toBe('EPERM');
    expect(result.threads).toBeGreaterThan(7);
  });

  it('refuses to be narrowed afterwards, since that could not be kept', async () => {
    const codes = await runInChild(({ library }) => {
      const code = (options: Parameters<typeof library.disableNetwork>[0]): unknown => {
        try {
          return library.disableNetwork(options).alreadyDisabled;
        } catch (error) {
          return (error as { code?: string }).code;
        }
      };
      library.disableNetwork();
      return [code({ unixSockets: 'connected' }), code({ provider: 'lsm' }), code({ provider: 'seccomp' }), code({})];
    }, null);
    const conflict = 'ERR_DISABLENETWORK_CONFLICT';
    expect(codes).toEqual([conflict, byProvider<unknown>({ lsm: true, landlock: conflict }), true, true]);
  });

  it('changes nothing on bad input, and on a residual', async () => {
    const result = await runInChild(async ({ library, childProcess, dgram, fs, events }) => {
      const other = childProcess.spawn('sleep', ['60']);
      const memory = fs.openSync(`/proc/${String(other.pid)}/mem`, 'r+');
      const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
      await events.once(socket, 'listening');
      const state = (): string =>
        /NoNewPrivs:.*\nSeccomp:.*\nSeccomp_filters:.*/.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[0] ?? '';
      const before = state();
      // The kernel patch always refuses abstract names, so it cannot do 'all'.
      const failures = [{ provder: 'lsm' }, { provider: 'lsm', unixSockets: 'all' }, {}].map((options) => {
        try {
          library.disableNetwork(options as object);
          return 'no error';
        } catch (error) {
          const { code, message, residuals } = error as InstanceType<typeof library.DisableNetworkError>;
          return { code, message, residuals };
        }
      });
      const { port } = socket.address();
      socket.close();
      other.kill();
      return { unchanged: before === state(), failures, memory, port, disabled: library.isNetworkDisabled() };
    }, null);
    expect(result.unchanged).toBe(true);
    expect(result.disabled).toBe(false);
    expect(result.failures).toMatchObject([
      { code: 'ERR_DISABLENETWORK_OPTION' },
      { code: 'ERR_DISABLENETWORK_UNSUPPORTED' },
      { code: 'ERR_DISABLENETWORK_RESIDUALS' },
    ]);
    const { residuals, message } = result.failures[2] as { residuals: readonly { id: string }[]; message: string };
    const ids = byProvider({ lsm: ['process-memory'], landlock: ['process-memory', 'udp-socket'] });
    expect(residuals.map(({ id }) => id).sort()).toEqual(ids);
    expect(message).toContain(`process-memory, descriptor ${String(result.memory)}`);
    const socket = new RegExp(
      `udp-socket, descriptor \\d+ \\(dgram\\.Socket\\): AF_INET SOCK_DGRAM .*127\\.0\\.0\\.1:${String(result.port)}`,
    );
    expect(socket.test(message)).toBe(ids.includes('udp-socket'));
  });

  it('answers the prctl wrappers: by the kernel patch, or as unsupported', async () => {
    const result = await runInChild(({ library }) => {
      const code = (action: () => unknown): unknown => {
        try {
          return action() ?? 'done';
        } catch (error) {
          return (error as { code?: string }).code;
        }
      };
      const before = [
        library.prctlGetNetwork,
        library.prctlGetNoSuid,
        () => library.prctlSetNetwork(2), // No such flag.
        library.prctlSetNoSuid,
        library.prctlGetNoSuid,
      ].map(code);
      before.push(code(() => library.prctlSetNetwork(library.PR_NETWORK_OFF)));
      before.push(code(() => library.prctlSetNetwork(-1)));
      const { alreadyDisabled } = library.disableNetwork();
      const clearing = code(() => library.prctlSetNetwork(library.PR_NETWORK_ON));
      return { before, alreadyDisabled, clearing, after: library.prctlGetNetwork() === library.PR_NETWORK_OFF };
    }, null);
    const unsupported = 'ERR_DISABLENETWORK_UNSUPPORTED';
    const option = 'ERR_DISABLENETWORK_OPTION';
    expect(result).toEqual(
      byProvider({
        lsm: {
          before: [0, 0, unsupported, 'done', 1, 'done', option],
          alreadyDisabled: true,
          clearing: 'ERR_DISABLENETWORK_KERNEL',
          after: true,
        },
        landlock: {
          before: [unsupported, unsupported, unsupported, unsupported, unsupported, unsupported, option],
          alreadyDisabled: false,
          clearing: unsupported,
          after: true,
        },
      }),
    );
  });
});

describe('setNoSuid', () => {
  // What it is for is tested with ../../corpus/rows/c-privilege: no thread gains anything.
  it('covers every thread and leaves the network alone', async () => {
    const result = await runInChild(async ({ library, threadStatuses, startEchoServer, tryConnect }) => {
      const before = threadStatuses();
      library.setNoSuid();
      library.setNoSuid();
      const echo = await startEchoServer();
      const connected = await tryConnect(echo.port);
      echo.close();
      const after = threadStatuses();
      return { before, after, connected, isNoSuid: library.isNoSuid(), disabled: library.isNetworkDisabled() };
    }, null);
    expect(touched(result.before)).toEqual([]);
    // The kernel patch has one state for all threads; only the caller has no_new_privs before an execve.
    const wanted = byProvider({ lsm: { kernelPatch: 'network=on nosuid=on' }, landlock: { noNewPrivileges: 1 } });
    expect(result.after).toEqual(result.after.map(() => expect.objectContaining(wanted) as object));
    expect(result).toMatchObject({ connected: 'ok', isNoSuid: true, disabled: false });
  });
});
