// SPDX-License-Identifier: MIT
// The call itself: what it answers, that it has one way only, and that bad input changes nothing.
import { runInChild } from '../../support/child';

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
    expect(result.receipt).toMatchObject({ alreadyDisabled: false, unixSockets: 'pathname', closed: [], accepted: [] });
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
    expect(codes).toEqual(['ERR_DISABLENETWORK_CONFLICT', 'ERR_DISABLENETWORK_CONFLICT', true, true]);
  });

  it('changes nothing on bad input, and on a residual', async () => {
    const result = await runInChild(async ({ library, dgram, fs, events }) => {
      const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
      await events.once(socket, 'listening');
      const state = (): string =>
        /NoNewPrivs:.*\nSeccomp:.*\nSeccomp_filters:.*/.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[0] ?? '';
      const before = state();
      const failures = [{ provder: 'lsm' }, { provider: 'lsm' }, {}].map((options) => {
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
      return { unchanged: before === state(), failures, port, disabled: library.isNetworkDisabled() };
    }, null);
    expect(result.unchanged).toBe(true);
    expect(result.disabled).toBe(false);
    expect(result.failures).toMatchObject([
      { code: 'ERR_DISABLENETWORK_OPTION' },
      { code: 'ERR_DISABLENETWORK_UNSUPPORTED' },
      { code: 'ERR_DISABLENETWORK_RESIDUALS', residuals: [{ id: 'udp-socket' }] },
    ]);
    expect(result.failures[2]).toMatchObject({
      message: expect.stringMatching(
        new RegExp(`udp-socket, descriptor \\d+: AF_INET SOCK_DGRAM .*127\\.0\\.0\\.1:${String(result.port)}`),
      ) as string,
    });
  });

  it('answers the prctl wrappers on a kernel without the patch', async () => {
    const result = await runInChild(({ library }) => {
      const code = (action: () => unknown): unknown => {
        try {
          return action();
        } catch (error) {
          return (error as { code?: string }).code;
        }
      };
      const before = [library.prctlGetNetwork, library.prctlSetNoSuid, library.prctlGetNoSuid].map(code);
      before.push(code(() => library.prctlSetNetwork(library.PR_NETWORK_OFF)));
      before.push(code(() => library.prctlSetNetwork(-1)));
      library.disableNetwork();
      return { before, after: library.prctlGetNetwork() === library.PR_NETWORK_OFF };
    }, null);
    const unsupported = 'ERR_DISABLENETWORK_UNSUPPORTED';
    expect(result.before).toEqual([unsupported, unsupported, unsupported, unsupported, 'ERR_DISABLENETWORK_OPTION']);
    expect(result.after).toBe(true);
  });
});

describe('setNoSuid', () => {
  it('sets no_new_privs on every thread and leaves the network alone', async () => {
    const result = await runInChild(async ({ library, threadStatuses, startEchoServer, tryConnect }) => {
      const before = threadStatuses().filter(({ noNewPrivileges }) => noNewPrivileges === 1).length;
      library.setNoSuid();
      library.setNoSuid();
      const echo = await startEchoServer();
      const connected = await tryConnect(echo.port);
      echo.close();
      const uncovered = threadStatuses().filter(({ noNewPrivileges }) => noNewPrivileges !== 1).length;
      return { before, uncovered, connected, isNoSuid: library.isNoSuid(), disabled: library.isNetworkDisabled() };
    }, null);
    expect(result).toEqual({ before: 0, uncovered: 0, connected: 'ok', isNoSuid: true, disabled: false });
  });
});
