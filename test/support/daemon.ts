// SPDX-License-Identifier: MIT
// Starts a server program, waits until it says that it is ready, and ends it by its own handle.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

import { listen } from './network';

export interface Daemon {
  readonly pid: number;
  stop(): Promise<void>;
}

export interface DaemonOptions {
  command: string;
  args: readonly string[];
  /** What the daemon prints when it is ready. */
  ready: { test(output: string): boolean };
  /** The Debian package to name when the program is missing. */
  package: string;
  user?: { uid: number; gid: number };
  cwd?: string;
}

export function missing(program: string, name: string): Error {
  return new Error(`this test needs ${program}: install it with: apt-get install ${name}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = once(child, 'exit');
  child.kill('SIGINT'); // For PostgreSQL a fast shutdown; the others end too.
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await ended;
  clearTimeout(timer);
}

export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const child = spawn(options.command, options.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...options.user,
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string): void => {
      reject(new Error(`${options.command} ${reason}\n${output}`));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail('was not ready in 60 seconds');
    }, 60_000);
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-10_000);
      if (options.ready.test(output)) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(error.code === 'ENOENT' ? missing(options.command, options.package) : error);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      fail(`ended early: ${String(code ?? signal)}`);
    });
  });
  return { pid: child.pid ?? -1, stop: async () => end(child) };
}

/**
 * Starts a server that must be told its TCP port. A port that was free a moment ago can be taken
 * by then, so it tries again with another.
 */
export async function withFreePort<Server>(start: (port: number) => Promise<Server>): Promise<Server> {
  for (let attempts = 1; ; attempts++) {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    try {
      return await start(port);
    } catch (error) {
      if (attempts === 3 || !/address already in use/i.test(String(error))) {
        throw error;
      }
    }
  }
}
