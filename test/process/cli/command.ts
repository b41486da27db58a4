// SPDX-License-Identifier: MIT
import { spawn, spawnSync, type ChildProcess, type SpawnOptions, type SpawnSyncOptions } from 'node:child_process';
import { once, type EventEmitter } from 'node:events';
import { join } from 'node:path';
import { missing } from '../../support/daemon';
import { repository } from '../../support/folders';
import { timeFactor } from '../../support/time';

export const main = join(repository, 'dist/cli/main.js');

/** The command line that `shell` can start as `"$@"`, for what a test needs a shell. */
export const program = [process.execPath, main];

export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs any program to its end; a missing one is named with the package that has it. */
export function runProgram(command: string, args: readonly string[], options: SpawnSyncOptions = {}): Outcome {
  const { status, signal, stdout, stderr, error } = spawnSync(command, args, {
    timeout: 60_000 * timeFactor,
    ...options,
  });
  if (error !== undefined) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? missing(command, packages[command] ?? command) : error;
  }
  return { status, signal, stdout: toText(stdout), stderr: toText(stderr) };
}

const packages: Readonly<Record<string, string>> = {
  unshare: 'util-linux',
  setpriv: 'util-linux',
  groff: 'groff-base',
  runsc: 'runsc',
};

// A stream that the test gave somewhere else has no text here.
function toText(stream: string | Buffer | null): string {
  return stream === null ? '' : stream.toString();
}

/** Runs `disablenetwork` to its end. */
export function disablenetwork(args: readonly string[], options: SpawnSyncOptions = {}): Outcome {
  return runProgram(process.execPath, [main, ...args], options);
}

/** As {@link runProgram}, while the test goes on: it may have a server to run. */
export async function runBeside(
  command: string,
  args: readonly string[],
  { input = '', ...options }: SpawnOptions & { input?: string | Buffer } = {},
): Promise<Outcome> {
  const child = spawn(command, args, { timeout: 60_000 * timeFactor, ...options, stdio: 'pipe' });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  // A command that reads nothing may end before it was written.
  child.stdin.on('error', () => undefined).end(input);
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' ? missing(command, packages[command] ?? command) : error);
    });
    child.once('close', (...ending) => resolve(ending));
  });
  return { status, signal, stdout: Buffer.concat(output).toString(), stderr: Buffer.concat(errors).toString() };
}

export function startDisablenetwork(args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(process.execPath, [main, ...args], options);
}

/** The next event, or the failure that the child ended before it. */
export async function next<Value>(child: ChildProcess, emitter: EventEmitter | null, event: string): Promise<Value> {
  const stop = new AbortController();
  const { signal } = stop;
  const ended = async (): Promise<never> => {
    const [code, name] = (await once(child, 'close', { signal })) as [number | null, NodeJS.Signals | null];
    throw new Error(`the command ended before '${event}': ${String(code ?? name)}`);
  };
  const happened = async (): Promise<Value> => {
    const [value] = (await once(emitter ?? child, event, { signal })) as [Value];
    return value;
  };
  try {
    return await Promise.race([happened(), ended()]);
  } finally {
    stop.abort();
  }
}
