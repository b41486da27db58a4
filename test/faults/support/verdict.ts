// SPDX-License-Identifier: MIT
import { constants } from 'node:os';

import type { Observation, Problem } from '../program/launch';
import type { Fault } from './fault';
import type { Run } from './run';

export interface Verdict {
  readonly outcome: Observation['outcome'] | 'not reached';
  readonly code: string | null;
  readonly problems: readonly { kind: Problem['kind'] | 'crash' | 'hang'; what: string }[];
}

const signalName = (number: number): string =>
  Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? `signal ${number}`;

/** What the run itself shows; what the program found is in its observation. */
function findEnd({ injector, observation, output }: Run): Verdict['problems'] {
  const words = output.trim().split('\n').slice(0, 12).join('\n');
  if (injector.hang !== '') return [{ kind: 'hang', what: `hung ${injector.hang}\n${words}` }];
  if (injector.signal !== 0) return [{ kind: 'crash', what: `${signalName(injector.signal)} ${words}` }];
  if (injector.exitCode !== 0 || observation === null) {
    return [{ kind: 'crash', what: `exit code ${injector.exitCode} ${words}` }];
  }
  return [];
}

export function judge(what: Fault['what'] | 'nothing', run: Run): Verdict {
  const { injector, observation } = run;
  const problems = [...findEnd(run), ...(observation?.problems ?? [])];
  const isReached = what === 'nothing' || (what.kind === 'thread' ? injector.acted !== 'never' : injector.injected > 0);
  const outcome = isReached ? (observation?.outcome ?? 'neither') : 'not reached';
  return { outcome, code: observation?.code ?? null, problems };
}
