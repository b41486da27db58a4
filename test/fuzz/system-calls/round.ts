// SPDX-License-Identifier: MIT
// One run of wire-fuzz: with the drop, and then without it as the control.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { scanLog } from '../../../vm/guest/log-scan';
import { buildOnce, filesOf, repository } from '../../support/folders';
import { compileProgram } from '../../support/programs';

export interface Phase {
  readonly calls: number;
  readonly succeeded: number;
  readonly workers: number;
  readonly frames: number;
  readonly unlawful: number;
  readonly farUnlawful: number;
  readonly interfacesSent: number;
  readonly deaths: Readonly<Record<string, number>>;
  readonly innerDeaths: Readonly<Record<string, number>>;
  readonly unlawfulFrames: readonly object[];
  readonly farUnlawfulFrames: readonly object[];
  readonly byCall: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface Summary {
  readonly passed: boolean;
  readonly reason: string;
  readonly dropped: Phase;
  readonly control: Phase;
}

export interface Round {
  readonly provider: 'landlock' | 'seccomp' | 'lsm';
  readonly mode: 'fresh' | 'unconnected' | 'connected';
  readonly seed: number;
  readonly seconds: number;
  /** As root, or as root of a user namespace that has the wire. */
  readonly keepsCapabilities?: boolean;
  /** Hands down sockets that this provider cannot guard, and accepts these of them. */
  readonly accepts?: string;
}

const folder = join(repository, 'test/fuzz/system-calls');

export function compileFuzzer(): string {
  const header = join(repository, 'csrc/uapi/linux/disablenetwork.h');
  const sources = [...filesOf(folder).filter((file) => /\.[ch]$/.test(file)), header];
  const built = buildOnce('wire-fuzz', sources, (target) => {
    const flags = ['-O2', '-Wall', '-Wextra', '-Werror', '-static', '-pthread'];
    execFileSync('gcc', [...flags, '-o', join(target, 'wire-fuzz'), join(folder, 'wire-fuzz.c')]);
  });
  return join(built, 'wire-fuzz');
}

/** A filter without no_new_privs takes a capability, so there the command gives them up later. */
function commandFor({ provider, mode, keepsCapabilities, accepts }: Round): { options: string[]; words: string[] } {
  const run = [process.execPath, join(repository, 'dist/cli/main.js'), 'run', '--provider', provider];
  const everything = provider === 'lsm' || accepts !== undefined ? ['--everything'] : [];
  const capabilities = keepsCapabilities === true ? ['--capabilities'] : [];
  const residuals = accepts === undefined ? [] : ['--residuals', accepts];
  if (provider !== 'seccomp') return { options: [...everything, ...capabilities], words: [...run, ...residuals, '--'] };
  const without = [compileProgram('without-landlock'), 'setpriv', '--bounding-set=-all', '--inh-caps=-all'];
  // TCP sockets that are open are none of this provider's business otherwise, and strict mode refuses them.
  const policy = mode === 'fresh' ? [] : ['--unix-sockets', 'connected'];
  return { options: ['--command-drops-capabilities'], words: [...without, ...run, ...policy, '--'] };
}

export function runRound(round: Round): Summary {
  const { options, words } = commandFor(round);
  const numbers = [`--seed=${String(round.seed)}`, `--seconds=${String(round.seconds)}`];
  const { stdout, stderr, error } = spawnSync(
    compileFuzzer(),
    [`--mode=${round.mode}`, ...numbers, ...options, '--', ...words],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: (round.seconds * 2 + 120) * 1000 },
  );
  if (error !== undefined) throw error;
  if (stdout === '') throw new Error(`wire-fuzz says nothing but: ${stderr}`);
  return JSON.parse(stdout) as Summary;
}

/** What the kernel thinks of it: readable for everybody, and raised by every warning and oops. */
export const readTaint = (): string => readFileSync('/proc/sys/kernel/tainted', 'utf8').trim();

/** The kernel's complaints so far; null where this user may not read its log. */
export function readComplaints(): number | null {
  const { status, stdout } = spawnSync('dmesg', { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return status === 0 ? scanLog(stdout).length : null;
}
