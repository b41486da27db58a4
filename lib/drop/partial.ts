// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../errors';
import type { NativeBinding } from '../native/binding';

export const partialAdvice = 'Part of the restriction is in force and cannot be taken back: end this process.';

/**
 * Runs what follows the first irreversible step: whatever is thrown there leaves the process in a
 * state that no later call may take for a whole one. The kernel says so from the first step on; where
 * that step left no such word behind, it is put there now.
 *
 * @throws DisableNetworkError `ERR_DISABLENETWORK_PARTIAL`
 */
export function orPartial<Result>(binding: NativeBinding, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw remember(binding, toPartial(error));
  }
}

/** The same for what knows by itself whether something has changed: other errors go through as they are. */
export function rememberingPartial<Result>(binding: NativeBinding, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof DisableNetworkError && !error.partiallyApplied) throw error;
    throw remember(binding, toPartial(error));
  }
}

/** Makes every later call of this process throw, and of its children. */
function remember(binding: NativeBinding, error: DisableNetworkError): DisableNetworkError {
  binding.markUnfinished(error.message);
  return error;
}

/** What an error is when something has changed before it. */
export function toPartial(error: unknown): DisableNetworkError {
  if (error instanceof DisableNetworkError) {
    if (error.partiallyApplied) return error;
    const { message, errno, syscall, residuals } = error;
    const text = `${message.replaceAll(/ ?Nothing was changed\.?/g, '')} ${partialAdvice}`;
    return new DisableNetworkError('ERR_DISABLENETWORK_PARTIAL', text, {
      cause: error,
      residuals,
      ...(errno === undefined ? {} : { errno }),
      ...(syscall === undefined ? {} : { syscall }),
    });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new DisableNetworkError('ERR_DISABLENETWORK_PARTIAL', `${reason}. ${partialAdvice}`, { cause: error });
}

/** What every call answers when an earlier one has failed halfway, here or in a process that this one descends from. */
export function unfinishedError(binding: NativeBinding): DisableNetworkError {
  const reason = binding.unfinishedReason();
  const known = reason === null ? 'in this process or in one that it descends from' : `with: ${reason}`;
  return new DisableNetworkError(
    'ERR_DISABLENETWORK_PARTIAL',
    `An earlier call began to disable the network and could not finish it, ${known}${reason === null ? '. ' : ' '}` +
      'That is final: what is in force cannot be taken back, and nothing can be promised. End this process.',
  );
}
