// SPDX-License-Identifier: MIT

/**
 * Whether this error, a cause of it or a part of it (`AggregateError.errors`) was caused by the
 * drop: `fetch` for example fails with a TypeError whose cause says so.
 *
 * True only for errors that were explained (`code` is `ERR_DISABLENETWORK_DENIED`), so never under
 * `explain: false`.
 */
export function isNetworkDisabledError(error: unknown): boolean {
  // A set goes through what is added to it on the way, and ends where causes form a circle.
  const found = new Set<unknown>([error]);
  for (const candidate of found) {
    if (typeof candidate !== 'object' || candidate === null) continue;
    const { code, cause, errors } = candidate as { code?: unknown; cause?: unknown; errors?: unknown };
    if (code === 'ERR_DISABLENETWORK_DENIED') return true;
    found.add(cause);
    if (Array.isArray(errors)) errors.forEach((part) => found.add(part));
  }
  return false;
}
