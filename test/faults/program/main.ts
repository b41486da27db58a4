// SPDX-License-Identifier: MIT
// One call of disableNetwork() under the injector, and then the questions whether its answer is true.
import { spawnSync } from 'node:child_process';
import { promises, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

import type { Receipt } from '../../../lib';
import type { Addon } from './addon';
import { type Answer, call, type Library, load, optionsOf } from './calls';
import type { Launch, Observation, Problem } from './launch';
import type { OtherAnswer } from './other';
import { findChanges, findLeaks, readState, type State } from './state';
import { findControlProblems, findEscapes, findOpenWays, findShutWays } from './ways';

const launch = JSON.parse(process.argv[2] ?? '') as Launch;
const options = optionsOf(launch);
const addon = createRequire(__filename)(launch.addon) as Addon;
const otherProgram = path.join(__dirname, 'other.js');

const codes = /^ERR_DISABLENETWORK_(PLATFORM|ADDON|PERMISSION|OPTION|UNSUPPORTED|RESIDUALS|CONFLICT|KERNEL|PARTIAL)$/;
const partial = 'ERR_DISABLENETWORK_PARTIAL';

const idle: Worker[] = [];

async function prepare(): Promise<void> {
  addon.configure(launch.port, launch.abstractName, launch.pid);
  if (launch.hasTcpSocket) addon.makeTcpSocket();
  if (addon.startExtraThread() !== 0) throw new Error('there is no extra thread');
  // The pool of libuv has its four threads only when they have had something to do.
  await Promise.all(Array.from({ length: 4 }, () => promises.stat('/')));
  const count = launch.scene === 'workers' ? 2 : 0;
  for (let started = 0; started < count; started += 1) {
    const worker = new Worker('setInterval(() => undefined, 20)', { eval: true });
    await new Promise((resolve) => worker.once('online', resolve));
    worker.unref();
    idle.push(worker);
  }
}

async function askWorker(): Promise<OtherAnswer> {
  const worker = new Worker(otherProgram, { workerData: launch });
  return new Promise((resolve, reject) => {
    worker.once('message', (text: string) => resolve(JSON.parse(text) as OtherAnswer));
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the Worker ended without an answer')));
  });
}

function askChild(): OtherAnswer {
  const child = spawnSync(process.execPath, [otherProgram, JSON.stringify(launch)], { encoding: 'utf8' });
  if (child.status === 0) return JSON.parse(child.stdout) as OtherAnswer;
  throw new Error(`the child process ended with ${String(child.status ?? child.signal)}: ${child.stderr}`);
}

const describe = ({ receipt, code, message }: Answer): string =>
  receipt === null ? `${String(code)} (${message.split('\n')[0] ?? ''})` : `a receipt of ${receipt.provider}`;

function slow(who: string, { milliseconds }: Answer): Problem[] {
  return milliseconds <= launch.limit ? [] : [{ kind: 'slow', what: `${who} took ${milliseconds.toFixed(0)} ms` }];
}

/** The receipt is true in each thread, in a new one, and for what is started from here. */
async function judgeReceipt(receipt: Receipt): Promise<Problem[]> {
  const order = ['seccomp', 'landlock', 'lsm'];
  const least = launch.scene === 'first' ? 'seccomp' : launch.provider;
  const problems: Problem[] = findOpenWays(addon, receipt);
  if (order.indexOf(receipt.provider) < order.indexOf(least)) {
    problems.push({ kind: 'lie', what: `the receipt is of ${receipt.provider}, which is less than was asked for` });
  }
  for (const [who, answer] of [
    ['a new Worker', await askWorker()],
    ['a child process', askChild()],
  ] as const) {
    const agrees = answer.receipt?.alreadyDisabled === true && answer.receipt.provider === receipt.provider;
    if (!agrees) problems.push({ kind: 'disagrees', what: `${who} gets ${describe(answer)}` });
    problems.push(...answer.lies.map(({ kind, what }) => ({ kind, what: `${what} of ${who}` })), ...slow(who, answer));
  }
  return problems;
}

/** Nobody may take what is half done for a success. */
async function judgePartial(library: Library): Promise<Problem[]> {
  const answers = [
    ['a second call', call(() => library.disableNetwork(options))],
    ['a Worker', await askWorker()],
    ['another copy of the package', call(() => load(launch.copy).disableNetwork(options))],
  ] as const;
  return answers.flatMap(([who, answer]): Problem[] => [
    ...(answer.code === partial ? [] : [{ kind: 'forgotten' as const, what: `${who} gets ${describe(answer)}` }]),
    ...slow(who, answer),
  ]);
}

/** The state after a call. What is only late, as a thread that is on its way out of a handler, gets a second. */
async function readSettledState(before: State): Promise<State> {
  for (let look = 0; ; look += 1) {
    const after = readState(addon);
    if (look === 20 || findLeaks(before, after).length === 0) return after;
    await setTimeout(50);
  }
}

async function judgeUntouched(library: Library, before: State, open: readonly number[]): Promise<Problem[]> {
  const after = await readSettledState(before);
  const problems = [...findChanges(before, after), ...findLeaks(before, after), ...findShutWays(addon, open)];
  const second = call(() => library.disableNetwork(options));
  problems.push(...slow('the second call', second));
  if (second.receipt === null)
    return [...problems, { kind: 'no second', what: `the second call gets ${describe(second)}` }];
  return [...problems, ...(await judgeReceipt(second.receipt))];
}

async function judge(library: Library, first: Answer, before: State, open: readonly number[]): Promise<Problem[]> {
  if (first.receipt !== null) {
    addon.dropped();
    const problems = findOpenWays(addon, first.receipt);
    if (addon.undo() !== 0) throw new Error('the extra thread does not answer');
    const leaks = findLeaks(before, await readSettledState(before));
    return [...problems, ...findEscapes(addon, first.receipt), ...leaks, ...(await judgeReceipt(first.receipt))];
  }
  if (addon.undo() !== 0) throw new Error('the extra thread does not answer');
  if (first.code === partial) return judgePartial(library);
  const problems = await judgeUntouched(library, before, open);
  if (codes.test(first.code ?? '')) return problems;
  return [{ kind: 'error', what: `the call throws ${first.code ?? ''}: ${first.message}` }, ...problems];
}

function outcomeOf({ receipt, code }: Answer): Observation['outcome'] {
  if (receipt !== null) return 'receipt';
  return code === partial ? 'partial' : 'untouched';
}

async function main(): Promise<void> {
  await prepare();
  const library = load(launch.library);
  if (launch.scene !== 'first') library.planDisableNetwork(options);
  const open = addon.tryWays(0);
  if (typeof open === 'number') throw new Error('this thread cannot be asked');
  const before = readState(addon);
  addon.begin();
  const first = call(() => library.disableNetwork(options));
  addon.end();
  const problems = [
    ...findControlProblems(open, launch.hasTcpSocket),
    ...slow('the call', first),
    ...(await judge(library, first, before, open)),
  ];
  const observation: Observation = {
    outcome: outcomeOf(first),
    code: first.code,
    message: first.message,
    provider: first.receipt?.provider ?? null,
    milliseconds: first.milliseconds,
    problems,
  };
  writeSync(1, `${JSON.stringify(observation)}\n`);
  process.exit(0);
}

void main();
