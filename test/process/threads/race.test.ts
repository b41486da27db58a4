// SPDX-License-Identifier: MIT
import { runInChild } from '../../support/child';
import { startEchoServer, type EchoServer } from '../../support/network';
import { byProvider, provider, uncovered } from '../support/provider';

jest.setTimeout(180_000);

const rounds = 40;

let server: EchoServer;
beforeAll(async () => {
  server = await startEchoServer();
});
afterAll(() => {
  server.close();
});

/** Runs each round, two at a time. */
async function inPairs<Result>(count: number, run: (round: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const round = next++;
      results[round] = await run(round);
    }
  };
  await Promise.all([worker(), worker()]);
  return results;
}

interface OpenerRound {
  code: string;
  reported: number;
  disabled: boolean;
  atReturn: number;
  later: number;
  refused: number;
  milliseconds: number;
}

async function raceAgainstOpener(delayMicroseconds: number): Promise<OpenerRound> {
  return runInChild(async ({ attempt, library, syscalls, SOCK_DGRAM, timers }, delay) => {
    library.isNetworkDisabled(); // The addon is loaded before the clock starts.
    let reported = 0;
    const opener = new syscalls.SocketOpener(SOCK_DGRAM, delay);
    const start = performance.now();
    const code = await attempt(() => {
      try {
        library.disableNetwork();
      } catch (error) {
        reported = (error as InstanceType<typeof library.DisableNetworkError>).residuals.length;
        throw error;
      }
    });
    const milliseconds = performance.now() - start;
    const atReturn = opener.opened;
    // Wait for proof that the opener has run on.
    const seen = opener.opened + opener.refused;
    while (opener.opened + opener.refused < seen + 50) {
      await timers.setTimeout(1);
    }
    opener.stop();
    return {
      code,
      reported,
      disabled: library.isNetworkDisabled(),
      atReturn,
      later: opener.opened,
      refused: opener.refused,
      milliseconds,
    };
  }, delayMicroseconds);
}

it('a thread that opens sockets while the drop runs is caught in every case', async () => {
  const baseline = await raceAgainstOpener(500_000);
  const span = Math.max(2, baseline.milliseconds) * 1000 * 1.2;
  const results = await inPairs(rounds, async (round) => raceAgainstOpener(Math.round((span * round) / rounds)));
  for (const result of results) {
    if (provider === 'lsm') {
      // An open UDP socket leaves nothing open: no case is refused, and none opens a further one.
      expect(result).toMatchObject({ code: 'ok', disabled: true, reported: 0, later: result.atReturn });
      expect(result.refused).toBeGreaterThan(0);
      continue;
    }
    if (result.code === 'ERR_DISABLENETWORK_RESIDUALS') {
      // Seen by the plan: nothing was changed.
      expect(result).toMatchObject({ disabled: false, refused: 0 });
    } else if (result.code === 'ERR_DISABLENETWORK_PARTIAL') {
      // Opened between the plan and the commit: told, and no further one.
      expect(result).toMatchObject({ later: result.atReturn });
    } else {
      expect(result).toMatchObject({ code: 'ok', disabled: true, atReturn: 0, later: 0 });
    }
    expect(result.code === 'ok' || result.reported > 0).toBe(true);
  }
  // The rounds are worth something only if they were on both sides.
  const side = byProvider({
    lsm: ({ atReturn }: OpenerRound) => String(atReturn > 0),
    landlock: ({ code }: OpenerRound) => code,
  });
  expect(new Set(results.map(side)).size).toBeGreaterThanOrEqual(2);
});

it('threads that are created while the drop runs are all covered', async () => {
  const results = await inPairs(rounds, async (round) =>
    runInChild(
      async (
        { library, syscalls, SYS, AF_INET, SOCK_STREAM, inetAddress, threadStatuses, timers },
        { port, count },
      ) => {
        const old = syscalls.syscall(SYS.socket, AF_INET, SOCK_STREAM, 0);
        const chains = new syscalls.ThreadChains(count, old, inetAddress(port));
        while (chains.created < 50) {
          await timers.setTimeout(1);
        }
        const before = chains.created;
        library.disableNetwork();
        const during = chains.created - before;
        chains.markDropped();
        const states = threadStatuses();
        while (chains.triedAfter < 50) {
          await timers.setTimeout(1);
        }
        chains.stop();
        return { during, escaped: chains.escaped, states, tried: chains.triedAfter };
      },
      { port: server.port, count: 1 + (round % 8) },
    ),
  );
  expect(results.map(({ escaped, states }) => [escaped, uncovered(states)])).toEqual(results.map(() => [0, []]));
  // Threads really were created while it ran.
  expect(results.reduce((sum, { during }) => sum + during, 0)).toBeGreaterThan(rounds);
});
