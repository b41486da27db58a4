// SPDX-License-Identifier: MIT
// A Worker, or a child process: calls, and tries the ways where it is.
import { createRequire } from 'node:module';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';

import type { Addon } from './addon';
import { type Answer, call, load, optionsOf } from './calls';
import type { Launch, Problem } from './launch';
import { findOpenWays } from './ways';

export interface OtherAnswer extends Answer {
  /** Ways that are open although the receipt says otherwise. */
  readonly lies: readonly Problem[];
}

const launch = (isMainThread ? JSON.parse(process.argv[2] ?? '') : workerData) as Launch;

function answerCall(): OtherAnswer {
  const addon = createRequire(__filename)(launch.addon) as Addon;
  addon.configure(launch.port, launch.abstractName, launch.pid);
  const answer = call(() => load(launch.library).disableNetwork(optionsOf(launch)));
  return { ...answer, lies: answer.receipt === null ? [] : findOpenWays(addon, answer.receipt, [0]) };
}

const text = JSON.stringify(answerCall());
if (isMainThread) process.stdout.write(text);
else parentPort?.postMessage(text);
