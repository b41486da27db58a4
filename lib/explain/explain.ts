// SPDX-License-Identifier: MIT
import { types } from 'node:util';
import { annotate } from './annotate';
import { partsOf, readFailure } from './failure';
import { causedByDrop } from './judge';
import type { DropPolicy } from './policy';

/** Annotates the error when the drop caused it, and leaves everything else alone. Never throws. */
export function explain(error: unknown, policy: DropPolicy): void {
  try {
    if (types.isNativeError(error)) explainError(error, policy);
  } catch {
    // An error with accessors of its own kind stays as it is.
  }
}

function explainError(error: Error, policy: DropPolicy): void {
  const parts = partsOf(error);
  if (parts.length === 0) {
    if (causedByDrop(readFailure(error), policy)) annotate(error);
    return;
  }
  const caused = parts.filter((part) => causedByDrop(readFailure(part), policy));
  // The whole first: what it says is made of what the parts said before.
  if (caused.length === parts.length) annotate(error);
  caused.forEach(annotate);
}
