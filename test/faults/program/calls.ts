// SPDX-License-Identifier: MIT
import type * as Package from '../../../lib';
import type { Launch } from './launch';

/** What a call came to. */
export interface Answer {
  readonly receipt: Package.Receipt | null;
  readonly code: string | null;
  readonly message: string;
  readonly milliseconds: number;
}

export type Library = Pick<typeof Package, 'disableNetwork' | 'planDisableNetwork'>;

export function load(folder: string): Library {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a package that the harness chooses
  return require(folder) as Library;
}

export function optionsOf({ provider, scene }: Launch): Package.DisableNetworkOptions {
  return scene === 'first' ? {} : { provider };
}

export function call(drop: () => Package.Receipt): Answer {
  const start = performance.now();
  let receipt: Package.Receipt | null = null;
  let code: string | null = null;
  let message = '';
  try {
    receipt = drop();
  } catch (error) {
    code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    message = String(error);
  }
  return { receipt, code, message, milliseconds: performance.now() - start };
}
