// SPDX-License-Identifier: MIT
// What the kernel says of the process: what a call that has changed nothing leaves as it was.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

import type { Addon } from './addon';
import type { Problem } from './launch';

interface ThreadState {
  readonly restrictions: string;
  readonly blockedSignals: string;
}

export interface State {
  readonly main: ThreadState;
  readonly threads: ReadonlyMap<number, ThreadState>;
  readonly descriptors: readonly string[];
  /** Lines of /proc/self/maps that belong to rings. */
  readonly mappedRings: number;
  readonly hasChildren: boolean;
}

function readThread(tid: number): ThreadState | null {
  try {
    const folder = `/proc/self/task/${tid}`;
    const status = readFileSync(`${folder}/status`, 'utf8');
    const lines = status.split('\n').filter((line) => /^(NoNewPrivs|Seccomp|Seccomp_filters):/.test(line));
    const patch = `${folder}/attr/disablenetwork/current`;
    if (existsSync(patch)) lines.push(readFileSync(patch, 'utf8').trim());
    return {
      restrictions: lines.join(' ').replaceAll('\t', ' '),
      blockedSignals: /^SigBlk:\s*(\S+)$/m.exec(status)?.[1] ?? '',
    };
  } catch {
    return null; // It has ended.
  }
}

function readDescriptors(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [`${fd} ${readlinkSync(`/proc/self/fd/${fd}`)}`];
    } catch {
      return []; // The one that listed them.
    }
  });
}

export function readState(addon: Addon): State {
  const threads = new Map<number, ThreadState>();
  for (const tid of readdirSync('/proc/self/task').map(Number)) {
    const state = readThread(tid);
    if (state !== null) threads.set(tid, state);
  }
  const main = threads.get(process.pid);
  if (main === undefined) throw new Error('/proc does not show the main thread');
  return {
    main,
    threads,
    descriptors: readDescriptors(),
    mappedRings: readFileSync('/proc/self/maps', 'utf8').split('anon_inode:[io_uring]').length - 1,
    hasChildren: addon.hasChildren(),
  };
}

/** What is otherwise than before: restrictions, in any thread, new ones included, and rings. */
export function findChanges(before: State, after: State): Problem[] {
  const changed = new Map<string, number[]>();
  for (const [tid, { restrictions }] of after.threads) {
    if (restrictions === (before.threads.get(tid) ?? before.main).restrictions) continue;
    changed.set(restrictions, [...(changed.get(restrictions) ?? []), tid]);
  }
  const problems = [...changed].map(([what, tids]): Problem => ({
    kind: 'changed',
    what: `${what} in ${tids.join(' ')}`,
  }));
  if (after.mappedRings !== before.mappedRings) {
    problems.push({
      kind: 'changed',
      what: `${after.mappedRings} areas of rings are mapped, not ${before.mappedRings}`,
    });
  }
  return problems;
}

/** What a call leaves behind that it should have taken along, whatever it came to. */
export function findLeaks(before: State, after: State): Problem[] {
  const problems: Problem[] = [];
  const leak = (what: string) => problems.push({ kind: 'leak', what });
  for (const descriptor of after.descriptors) {
    if (!before.descriptors.includes(descriptor)) leak(`descriptor ${descriptor} is new`);
  }
  for (const descriptor of before.descriptors) {
    if (!after.descriptors.includes(descriptor)) leak(`descriptor ${descriptor} is gone`);
  }
  if (after.hasChildren && !before.hasChildren) leak('there is a child process');
  for (const [tid, { blockedSignals }] of after.threads) {
    const old = before.threads.get(tid)?.blockedSignals;
    if (old !== undefined && old !== blockedSignals) leak(`thread ${tid} blocks ${blockedSignals}, not ${old}`);
  }
  return problems;
}
