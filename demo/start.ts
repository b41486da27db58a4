// SPDX-License-Identifier: MIT
import { type ChildProcess, spawn, type SpawnOptions, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, identityOptions, plainEnvironment } from './account';
import type { Cleanup } from './cleanup';

export interface Place {
  readonly cleanup: Cleanup;
  /** The demo's own temporary directory. */
  readonly directory: string;
}

/** Starts a server as the account; the cleanup ends it with the signal and waits for its end. */
export function startServer(
  place: Place,
  account: Account,
  file: string,
  args: readonly string[],
  options: SpawnOptions & { endSignal?: NodeJS.Signals } = {},
): ChildProcess {
  const { endSignal = 'SIGTERM', ...rest } = options;
  // The kernel ends it, too, when the demo is killed and cannot clean up.
  const command = ['--pdeathsig', endSignal.slice(3), ...identityOptions(account), '--', file, ...args];
  const child = spawn('setpriv', command, {
    cwd: place.directory,
    env: plainEnvironment(place.directory),
    ...rest,
  });
  endWith(place.cleanup, child, endSignal);
  return child;
}

/** Lets the cleanup end the child: politely, then after three seconds for good. */
export function endWith(cleanup: Cleanup, child: ChildProcess, endSignal: NodeJS.Signals): void {
  const { pid } = child;
  if (pid === undefined) return;
  const forget = cleanup.track(pid);
  const ended = once(child, 'exit').then(forget, forget);
  cleanup.add(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(endSignal);
    const insist = setTimeout(() => child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(insist);
  });
}

/** Runs a program to its end; an error carries what the program said. */
export function runProgram(file: string, args: readonly string[], account: Account, directory: string): string {
  const result = spawnSync(file, args, {
    cwd: directory,
    env: plainEnvironment(directory),
    encoding: 'utf8',
    ...account.identity,
  });
  if (result.status === 0) return result.stdout;
  throw new Error(`${file} failed: ${result.error?.message ?? result.stderr.trim()}`);
}

/** A port of 127.0.0.1 that nobody uses at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}

/** Waits until the condition holds, or says what did not happen in time. */
export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limit = 10_000,
): Promise<void> {
  const end = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} did not happen within ${String(limit / 1000)} s`);
    await sleep(20);
  }
}
