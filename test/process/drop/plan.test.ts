// SPDX-License-Identifier: MIT
// planDisableNetwork, kernelSupport and networkStatus look and change nothing.
import { runInChild } from '../../support/child';
import { byProvider, provider } from '../support/provider';

jest.setTimeout(120_000);

it('leaves no trace: threads, descriptors, children, credentials, signals, memory maps', async () => {
  const { before, after, plans, connected } = await runInChild(
    async ({ library, fs, startEchoServer, tryConnect, childProcess }) => {
      const echo = await startEchoServer();
      let childEvents = 0;
      process.on('SIGCHLD', () => (childEvents += 1));
      const picture = (): unknown => ({
        threads: fs
          .readdirSync('/proc/self/task')
          .map((tid) =>
            ['Name', 'NoNewPrivs', 'Seccomp', 'Seccomp_filters', 'CapEff', 'SigBlk', 'SigIgn', 'SigCgt', 'Uid'].map(
              (name) =>
                new RegExp(`^${name}:.*$`, 'm').exec(fs.readFileSync(`/proc/self/task/${tid}/status`, 'utf8'))?.[0],
            ),
          ),
        descriptors: fs.readdirSync('/proc/self/fd').map((fd) => {
          try {
            return `${fd} ${fs.readlinkSync(`/proc/self/fd/${fd}`)}`;
          } catch {
            return ''; // The folder that is being read.
          }
        }),
        children: fs.readFileSync('/proc/self/task/' + String(process.pid) + '/children', 'utf8'),
        childEvents,
        limits: fs.readFileSync('/proc/self/limits', 'utf8'),
      });
      library.planDisableNetwork(); // Loads the addon.
      const before = picture();
      const plans = [{}, { unixSockets: 'connected' }, { listeners: 'close', residuals: 'close' }].map((options) =>
        library.planDisableNetwork(options as object),
      );
      library.kernelSupport();
      library.networkStatus();
      library.networkStatus(process.ppid);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const after = picture();
      const connected = [
        await tryConnect(echo.port),
        childProcess.execFileSync('echo', ['alive'], { encoding: 'utf8' }),
      ];
      echo.close();
      return { before, after, plans, connected };
    },
    null,
  );
  expect(after).toEqual(before);
  expect(connected).toEqual(['ok', 'alive\n']);
  expect(plans.map(({ alreadyDisabled }) => alreadyDisabled)).toEqual([false, false, false]);
  expect(plans[2]?.toClose).toHaveLength(1);
});

it('tells of this process for certain, and of others what /proc shows', async () => {
  const result = await runInChild(({ library, childProcess }) => {
    const sleepers = [childProcess.spawn('sleep', ['60'])];
    const before = [library.networkStatus(), library.networkStatus(sleepers[0]?.pid)];
    library.disableNetwork();
    sleepers.push(childProcess.spawn('sleep', ['60']));
    const after = [library.networkStatus(), ...sleepers.map(({ pid }) => library.networkStatus(pid))];
    for (const sleeper of sleepers) sleeper.kill();
    const codes = [2 ** 22 + 1, 0, -1, 1.5].map((pid) => {
      try {
        return library.networkStatus(pid).network;
      } catch (error) {
        return (error as { code?: string }).code;
      }
    });
    return { before: before.map(({ network }) => network), after: after.map(({ network }) => network), codes };
  }, null);
  expect(result.before).toEqual(['enabled', 'enabled']);
  // The kernel patch says it of each process; the filters of another one are not in /proc.
  expect(result.after).toEqual(['disabled', 'enabled', byProvider({ lsm: 'disabled', landlock: 'unknown' })]);
  const option = 'ERR_DISABLENETWORK_OPTION';
  expect(result.codes).toEqual(['ERR_DISABLENETWORK_KERNEL', option, option, option]);
});

it('reads the filters of another process out of the kernel when asked, and leaves it as it was', async () => {
  const result = await runInChild(async ({ library, childProcess, paths, startEchoServer }) => {
    const echo = await startEchoServer();
    const start = async (code: string) => {
      const child = childProcess.spawn(process.execPath, [
        '-e',
        `${code}; console.log('ready'); setInterval(() => {}, 20)`,
        paths.library,
      ]);
      await new Promise((resolve) => child.stdout.once('data', resolve));
      return child;
    };
    const drop = (options: string): string => `require(process.argv[1]).disableNetwork(${options})`;
    const children = [
      await start(drop('')),
      await start(drop("{ unixSockets: 'connected', explain: false }")),
      // A browser's renderer has filters and no_new_privs too; so has this one, with a filter that denies nothing.
      childProcess.spawn('python3', [
        '-c',
        `
import ctypes, struct, sys, time
libc = ctypes.CDLL(None)
libc.prctl(38, 1, 0, 0, 0)
program = ctypes.create_string_buffer(struct.pack('HBBI', 6, 0, 0, 0x7fff0000))
libc.prctl(22, 2, ctypes.create_string_buffer(struct.pack('HxxxxxxP', 1, ctypes.addressof(program))), 0, 0)
print('ready', flush=True); time.sleep(60)`,
      ]),
    ];
    const other = children[2];
    if (other !== undefined) await new Promise((resolve) => other.stdout.once('data', resolve));
    const statuses = children.map(({ pid }) => {
      const { network, provider, unixSockets, reason } = library.networkStatus(pid ?? 0, { inspect: true });
      return { network, provider, unixSockets, reason };
    });
    const traced = children.map(({ pid }) => library.networkStatus(pid ?? 0).network);
    const running = children.map(({ exitCode, signalCode }) => [exitCode, signalCode]);
    for (const child of children) child.kill();
    echo.close();
    return { statuses, traced, running, root: process.getuid?.() === 0 };
  }, null);
  expect(result.running).toEqual([[null, null], [null, null], [null, null]]); // prettier-ignore
  const told = byProvider({ lsm: 'disabled', landlock: 'unknown' });
  expect(result.traced).toEqual([told, told, 'unknown']);
  if (result.root) {
    expect(result.statuses).toMatchObject([
      { network: 'disabled', provider, unixSockets: 'pathname' },
      { network: 'disabled', provider, unixSockets: 'connected' },
      { network: 'enabled', reason: 'Its filters are not those of a drop.' },
    ]);
  } else {
    for (const { network, reason } of result.statuses) {
      expect({ network, reason }).toMatchObject({
        network: 'unknown',
        reason: expect.stringMatching(/EPERM|EACCES/) as string,
      });
    }
  }
});
