// SPDX-License-Identifier: MIT
// Runs a function of a test in a Node process of its own: the only place for irreversible acts.
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';

import { transpile } from '../transpile';
import type { Launch } from './child-main';
import { buildOnce, filesOf, repository, support } from './folders';
import { buildSyscallAddon } from './syscall-addon';
import { timeFactor } from './time';
import type { Toolbox } from './toolbox';

export interface ChildOptions {
  /** Milliseconds until the child is killed; generous, because machines are busy. */
  timeout?: number;
  environment?: NodeJS.ProcessEnv;
  nodeArguments?: readonly string[];
  /** A command that ends in executing the one that is put behind it, for example `unshare --net`. */
  launcher?: readonly string[];
  /** Whom to run as; both must be able to read the repository. */
  uid?: number;
  gid?: number;
}

/** Runs inside the child: it sees its arguments and globals, not the imports of its file. */
export type Program<Input, Result> = (toolbox: Toolbox, input: Input) => Result | Promise<Result>;

export interface Child<Result> {
  readonly pid: number;
  /** What the function returned; rejects with {@link ChildFailure}. */
  readonly result: Promise<Result>;
  /** The next value that the function reported. */
  report<Value>(): Promise<Value>;
  /** Sends a value to the function's `next()`. */
  send(value: unknown): void;
}

export class ChildFailure extends Error {
  override readonly name = 'ChildFailure';
  constructor(
    message: string,
    readonly exitCode: number | null,
    readonly signal: NodeJS.Signals | null,
    readonly output: string,
  ) {
    super(output === '' ? message : `${message}\n${output}`);
  }
}

/** The same for every child of a test file. */
let prepared: { addon: string; main: string } | undefined;

function prepare(): { addon: string; main: string } {
  prepared ??= { addon: buildSyscallAddon(), main: join(compileSupport(), 'child-main.js') };
  return prepared;
}

/** The support code as JavaScript, for children start much faster without a compiler. */
function compileSupport(): string {
  const sources = filesOf(support).filter((file) => file.endsWith('.ts'));
  return buildOnce('support', sources, (folder) => {
    for (const source of sources) {
      const { code } = transpile(readFileSync(source, 'utf8'), source);
      writeFileSync(join(folder, basename(source, '.ts') + '.js'), code);
    }
  });
}

function writeProgram(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const folder = buildOnce(`program-${hash}`, [], (target) => {
    writeFileSync(join(target, 'program.js'), `'use strict';\nmodule.exports = ${text};\n`);
  });
  return join(folder, 'program.js');
}

/** What each thread is at: for the report about a child that hangs. */
function describeThreads(pid: number): string {
  try {
    return readdirSync(`/proc/${String(pid)}/task`)
      .map((tid) => {
        const read = (name: string): string => readFileSync(`/proc/${String(pid)}/task/${tid}/${name}`, 'utf8').trim();
        return `thread ${tid} ${read('comm')}: ${read('wchan')}, system call ${read('syscall')}`;
      })
      .join('\n');
  } catch (error) {
    return String(error);
  }
}

/** Variables that would change what a child of jest does. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  const dropped = /^(JEST_|NODE_OPTIONS$|npm_|DISPLAY$|PG|https?_proxy$|HTTPS?_PROXY$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !dropped.test(name)));
}

/** What jest.config.js puts before every child of a project, for example `unshare --user`. */
function everyLauncher(): readonly string[] {
  return (globalThis as { testLauncher?: readonly string[] }).testLauncher ?? [];
}

function spawnNode(launch: Launch, main: string, options: ChildOptions): ChildProcess {
  const command = [process.execPath, ...(options.nodeArguments ?? []), main];
  const [program = process.execPath, ...args] = [...everyLauncher(), ...(options.launcher ?? []), ...command];
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...inheritedEnvironment(), ...options.environment },
    // A process group of its own, so that a time-out also ends what the child has started.
    detached: true,
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  });
  child.stdin.on('error', () => undefined); // The child's death is reported by its exit.
  child.stdin.end(JSON.stringify(launch));
  return child;
}

/** Ends the process group that {@link spawnNode} made for the child. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing was left.
  }
}

interface Message {
  report?: unknown;
  result?: unknown;
  error?: string;
}

/** Values that wait for someone to take them, or takers that wait for a value. */
class Mailbox {
  private readonly values: unknown[] = [];
  private readonly takers: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  private failure: Error | undefined;

  put(value: unknown): void {
    const taker = this.takers.shift();
    if (taker === undefined) {
      this.values.push(value);
    } else {
      taker.resolve(value);
    }
  }

  close(failure: Error): void {
    this.failure = failure;
    this.takers.splice(0).forEach((taker) => {
      taker.reject(failure);
    });
  }

  take(): Promise<unknown> {
    if (this.values.length > 0) {
      return Promise.resolve(this.values.shift());
    }
    if (this.failure !== undefined) {
      return Promise.reject(this.failure);
    }
    return new Promise((resolve, reject) => this.takers.push({ resolve, reject }));
  }
}

const running = new Set<ChildProcess>();

// A test that failed half-way has not waited for its child.
afterAll(() => {
  running.forEach(({ pid }) => {
    endGroup(pid);
  });
});

/** Starts the function, for a test that talks with it while it runs. */
export function startInChild<Input, Result>(
  program: Program<Input, Result>,
  input: Input,
  options: ChildOptions = {},
): Child<Result> {
  const launch: Launch = {
    repository,
    addon: prepare().addon,
    program: writeProgram(program.toString()),
    input: input ?? null,
  };
  const child = spawnNode(launch, prepare().main, options);
  const line = child.stdio[3] as Duplex;
  const reports = new Mailbox();
  let output = '';
  let last: Message = {};
  let hung = '';

  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  running.add(child);
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  line.on('error', () => undefined); // The child's death is reported by its exit.
  createInterface({ input: line }).on('line', (text) => {
    const message = JSON.parse(text) as Message;
    if ('report' in message) {
      reports.put(message.report);
    } else {
      last = message;
    }
  });

  const timeout = (options.timeout ?? 90_000) * timeFactor;
  const timer = setTimeout(() => {
    hung = describeThreads(child.pid ?? -1);
    endGroup(child.pid);
  }, timeout);

  const result = new Promise<Result>((resolve, reject) => {
    child.once('error', reject);
    // What the child left behind would hold its output open.
    child.once('exit', () => {
      endGroup(child.pid);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      running.delete(child);
      const how = signal === null ? `exited with ${String(code)}` : `was ended by ${signal}`;
      const failure = new ChildFailure(
        hung === '' ? (last.error ?? `the child ${how}`) : `the child hung for ${String(timeout)} ms\n${hung}`,
        code,
        signal,
        output,
      );
      reports.close(failure);
      if ('result' in last && code === 0) {
        resolve(last.result as Result);
      } else {
        reject(failure);
      }
    });
  });
  result.catch(() => undefined); // A test that waits for a report hears of it there.

  return {
    pid: child.pid ?? -1,
    result,
    report: async <Value>() => (await reports.take()) as Value,
    send: (value) => {
      line.write(`${JSON.stringify(value)}\n`);
    },
  };
}

/** Runs the function and answers what it returns. */
export async function runInChild<Input, Result>(
  program: Program<Input, Result>,
  input: Input,
  options: ChildOptions = {},
): Promise<Result> {
  return startInChild(program, input, options).result;
}
