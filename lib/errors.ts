// SPDX-License-Identifier: MIT
import type { Residual } from './types';

/** Every code that an error of this package can have. */
export const errorCodes = [
  'ERR_DISABLENETWORK_PLATFORM',
  'ERR_DISABLENETWORK_ADDON',
  'ERR_DISABLENETWORK_PERMISSION',
  'ERR_DISABLENETWORK_OPTION',
  'ERR_DISABLENETWORK_UNSUPPORTED',
  'ERR_DISABLENETWORK_RESIDUALS',
  'ERR_DISABLENETWORK_CONFLICT',
  'ERR_DISABLENETWORK_KERNEL',
  'ERR_DISABLENETWORK_PARTIAL',
  'ERR_DISABLENETWORK_DENIED',
] as const;

export type DisableNetworkErrorCode = (typeof errorCodes)[number];

export interface DisableNetworkErrorDetails {
  /** Negative, as in Node's own system errors. */
  errno?: number;
  syscall?: string;
  cause?: unknown;
  residuals?: readonly Residual[];
}

/**
 * The one error class of this package.
 *
 * `partiallyApplied` is true for `ERR_DISABLENETWORK_PARTIAL` alone: every other code means that
 * nothing was changed.
 */
export class DisableNetworkError extends Error {
  override readonly name = 'DisableNetworkError';
  readonly code: DisableNetworkErrorCode;
  readonly errno: number | undefined;
  readonly syscall: string | undefined;
  readonly residuals: readonly Residual[];
  readonly partiallyApplied: boolean;

  constructor(code: DisableNetworkErrorCode, message: string, details: DisableNetworkErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.errno = details.errno;
    this.syscall = details.syscall;
    this.residuals = details.residuals ?? [];
    this.partiallyApplied = code === 'ERR_DISABLENETWORK_PARTIAL';
  }
}
