// SPDX-License-Identifier: MIT
// Runs an attack in a child, under each provider that this kernel can be made to offer.
import { runInChild, type ChildOptions, type Program } from '../../support/child';
import { compileProgram } from '../../support/programs';
import { byProvider, type FirstProvider } from './provider';

export type Provider = FirstProvider | 'seccomp';
export const providers = byProvider<Provider[]>({ lsm: ['lsm'], landlock: ['landlock', 'seccomp'] });

export async function attackUnder<Input, Result>(
  provider: Provider,
  program: Program<Input, Result>,
  input: Input,
  options: ChildOptions = {},
): Promise<Result> {
  if (provider !== 'seccomp') return runInChild(program, input, options);
  // How a child is started so that this provider is the best one that it finds.
  const launcher = [compileProgram('without-landlock'), ...(options.launcher ?? [])];
  return runInChild(program, input, { ...options, launcher });
}
