// SPDX-License-Identifier: MIT
// What a kernel can offer, each with a column in the table of guarantees.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { release } from 'node:os';

import { compileProgram } from '../support/programs';
import { buildSyscallAddon, type SyscallAddon } from '../support/syscall-addon';

export interface Environment {
  readonly id: string;
  /** The provider that has to be found first. */
  readonly provider: 'lsm' | 'landlock' | 'seccomp';
  /** The launcher that takes away what this environment has not. */
  readonly offering: () => readonly string[];
}

const nothing = (): readonly string[] => [];
const withoutLandlock = (): readonly string[] => [compileProgram('without-landlock')];

/** Those that the running kernel can be: asked of the kernel, and not of the library. */
export function findEnvironments(): Environment[] {
  const kernel = /^\d+\.\d+/.exec(release())?.[0] ?? '';
  if (existsSync('/proc/self/attr/disablenetwork')) {
    return [{ id: `lsm-${kernel}`, provider: 'lsm', offering: nothing }];
  }
  const abi = landlockAbi();
  // Before ABI 4 Landlock has no rules of the network, and the filter is all that there is.
  if (abi < 4) return [{ id: `seccomp-${kernel}`, provider: 'seccomp', offering: nothing }];
  const landlock: Environment = { id: `landlock-${String(abi)}`, provider: 'landlock', offering: nothing };
  // In a guest, where everything takes ten times as long, each kernel is judged by what it has most of.
  if (process.env['TEST_PROVIDER'] !== undefined) return [landlock];
  return [landlock, { id: 'seccomp', provider: 'seccomp', offering: withoutLandlock }];
}

/** landlock_create_ruleset(NULL, 0, LANDLOCK_CREATE_RULESET_VERSION); 0 where there is none. */
function landlockAbi(): number {
  const { syscall } = createRequire(__filename)(buildSyscallAddon()) as SyscallAddon;
  return Math.max(syscall(444, null, 0, 1), 0);
}
