// SPDX-License-Identifier: MIT
// Starts programs for the rows: one that ends by itself, or a server until the work is done.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import { timeFactor } from '../../support/time';

export interface StartOptions {
  readonly folder: string;
  readonly input?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const longest = 60_000 * timeFactor;

export const digest = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

function begin(command: readonly string[], { folder, input, environment }: StartOptions): Child {
  const [file = '', ...args] = command;
  // The language of what they say is fixed, and the home of what they keep is thrown away.
  const env = { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, LC_ALL: 'C.UTF-8', TZ: 'UTC', ...environment };
  const child = spawn(file, args, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined); // Who does not read its input may end before it is written.
  child.stdin.end(input);
  return child;
}

/** Runs a program to its end and answers its output; throws with all that it said unless it ends with 0. */
export async function run(command: readonly string[], options: StartOptions): Promise<string> {
  return (await runForBytes(command, options)).toString();
}

export async function runForBytes(command: readonly string[], options: StartOptions): Promise<Buffer> {
  const child = begin(command, options);
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  const timer = setTimeout(() => child.kill('SIGKILL'), longest);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  clearTimeout(timer);
  if (code === 0) return Buffer.concat(output);
  throw new Error(`${Buffer.concat([...output, ...complaints]).toString()}\n[ended with ${String(code ?? signal)}]`);
}

export interface Server {
  /** What it has said so far, on both outputs. */
  said(): string;
  stop(): Promise<void>;
}

/** Starts a program that goes on, and waits until it is ready. */
export async function serve(
  command: readonly string[],
  options: StartOptions,
  ready: (said: string) => boolean,
  signal: NodeJS.Signals = 'SIGTERM',
): Promise<Server> {
  const child = begin(command, options);
  let said = '';
  const collect = (chunk: Buffer): void => void (said += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const ended = once(child, 'close');
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const stop = async (): Promise<void> => {
    if (running()) child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000 * timeFactor);
    await ended;
    clearTimeout(timer);
  };
  const deadline = Date.now() + longest;
  try {
    while (!ready(said)) {
      if (!running()) throw new Error(`${said}\n[ended with ${String(child.exitCode ?? child.signalCode)}]`);
      if (Date.now() > deadline) throw new Error(`${said}\nit was not ready in time`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { said: () => said, stop };
}

/** Does something beside a server, and ends the server in any case. */
export async function beside<Result>(server: Server, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    throw new Error(`${String(error)}\n${server.said()}`, { cause: error });
  } finally {
    await server.stop();
  }
}
