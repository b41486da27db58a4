// SPDX-License-Identifier: MIT
import { isNetworkDisabledError } from 'disablenetwork';
import type { Failure } from './protocol';

/** An error as it crosses from the service to the driver. */
export function describeFailure(error: unknown): Failure {
  const errors = chain(error);
  const codes = errors.flatMap((one) => ('code' in one ? [String(one.code)] : []));
  const message = errors.length > 0 ? errors.map((one) => one.message).join(': ') : String(error);
  return { message, code: codes[0] ?? null, explained: isNetworkDisabledError(error) };
}

/** The error and its causes: fetch() has the one that matters in the second place. */
function chain(error: unknown): Error[] {
  return error instanceof Error ? [error, ...chain(error.cause)] : [];
}
