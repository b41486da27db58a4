// SPDX-License-Identifier: MIT
// One run of the program under the injector, and what is to be thought of it.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';

import { timeFactor } from '../../support/time';
import type { Launch, Observation } from '../program/launch';
import { isMade } from './errnos';
import { disturbances, type Fault, type Setting } from './fault';
import type { Outside } from './outside';
import type { Parts } from './parts';
import { commandOf } from './settings';

/** What a call may take, in milliseconds; the README says how the tracer's share was measured. */
const tracerFactor = 1.1;
export const longestCall = 12_000 * tracerFactor * timeFactor;
const longestRun = 90_000 * timeFactor;

export interface Place extends Parts {
  /** The package that is tried, and a copy of it in another folder. */
  readonly library: string;
  readonly copy: string;
  readonly outside: Outside;
  /** Milliseconds that a call may take. */
  readonly limit: number;
}

/** ../native/inject.c */
export interface InjectorReport {
  readonly signal: number;
  readonly exitCode: number;
  /** Where the program hung; empty when it did not. */
  readonly hang: string;
  readonly windowSeen: boolean;
  readonly milliseconds: number;
  readonly injected: number;
  readonly steps: number;
  readonly acted: 'at the step' | 'late' | 'never';
}

export interface Run {
  readonly injector: InjectorReport;
  /** Lines of the recording. */
  readonly calls: readonly string[];
  readonly observation: Observation | null;
  readonly output: string;
}

function launchOf({ library, copy, addon, outside, limit }: Place, { provider, scene }: Setting): Launch {
  const { port, abstractName, pid } = outside;
  // A TCP socket is a residual where nothing guards it, and strict mode would refuse it.
  const hasTcpSocket = provider !== 'seccomp';
  return { library, copy, addon, provider, scene, hasTcpSocket, port, abstractName, pid, limit };
}

/** The words of the injector's command line, as ../native/order.h reads them. */
function wordsOf(what: Fault['what'] | 'record' | 'nothing'): string[] {
  if (typeof what === 'string') return [what];
  if (what.kind === 'thread') return ['disturb', String(disturbances[what.disturbance]), String(what.step)];
  const number = constants.errno[what.errno as keyof typeof constants.errno];
  const { role, call, about, occurrence, onwards } = what;
  const flags = [onwards, isMade(call)].map((flag) => (flag ? '1' : '0'));
  return ['fault', role, call, about, String(occurrence), String(number), ...flags];
}

async function collect(stream: Readable | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
}

export async function run(place: Place, setting: Setting, what: Fault['what'] | 'record' | 'nothing'): Promise<Run> {
  const launcher = setting.provider === 'seccomp' ? [place.withoutLandlock] : [];
  const program = [...launcher, commandOf(setting.runtime), place.program, JSON.stringify(launchOf(place, setting))];
  const limits = [place.limit, longestRun].map((limit) => String(Math.round(limit)));
  const child = spawn(place.injector, ['3', ...limits, ...wordsOf(what), '--', ...program], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], FAULTS_PACKAGE: place.library },
  });
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
  const [, output, errors, report] = await Promise.all([
    closed,
    collect(child.stdout),
    collect(child.stderr),
    collect(child.stdio[3] as Readable),
  ]);
  const lines = report.trimEnd().split('\n');
  const last = lines.pop() ?? '';
  if (!last.startsWith('{')) throw new Error(`the injector says nothing but ${report}${errors}`);
  const answer = output.split('\n').find((line) => line.startsWith('{"outcome"'));
  return {
    injector: JSON.parse(last) as InjectorReport,
    calls: lines,
    observation: answer === undefined ? null : (JSON.parse(answer) as Observation),
    output: errors,
  };
}
