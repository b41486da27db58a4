// SPDX-License-Identifier: MIT
// Runs one row of the escape corpus in a child, under each provider that this kernel can be made to
// offer.
import { runInChild, startInChild, type Child, type ChildOptions, type Program } from '../../support/child';
import { compileProgram } from '../../support/programs';
import { byProvider, type FirstProvider } from '../support/provider';

export { countText, startOutside, type Outside } from '../../support/outside';

export type Provider = FirstProvider | 'seccomp';
export const providers = byProvider<Provider[]>({ lsm: ['lsm'], landlock: ['landlock', 'seccomp'] });

/** How a child is started so that this provider is the best one that it finds. */
export function offering(provider: Provider, options: ChildOptions = {}): ChildOptions {
  if (provider !== 'seccomp') return options;
  return { ...options, launcher: [compileProgram('without-landlock'), ...(options.launcher ?? [])] };
}

export async function attackUnder<Input, Result>(
  provider: Provider,
  program: Program<Input, Result>,
  input: Input,
  options: ChildOptions = {},
): Promise<Result> {
  return runInChild(program, input, offering(provider, options));
}

export function startAttackUnder<Input, Result>(
  provider: Provider,
  program: Program<Input, Result>,
  input: Input,
  options: ChildOptions = {},
): Child<Result> {
  return startInChild(program, input, offering(provider, options));
}
