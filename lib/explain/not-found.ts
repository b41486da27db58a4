// SPDX-License-Identifier: MIT
import dns from 'node:dns';
import { types } from 'node:util';
import { annotate } from './annotate';
import { readFailure } from './failure';
import { causedByDrop } from './judge';
import type { DropPolicy } from './policy';

/** Asks for the IPv6 addresses of a name, and hands on the error if there is one. */
export type Ask = (hostname: string, answer: (error: Error | null) => void) => void;

// Taken before anything is put in its place.
const { lookup } = dns;
const askSystem: Ask = (hostname, answer) => lookup(hostname, { family: 6 }, answer);

/**
 * Asked for IPv4 alone, glibc says that a name does not exist when it could ask nobody; asked for
 * IPv6, it says EAI_AGAIN. So a name that was not found is asked for once more, and that tells
 * which it was.
 */
export function explainNotFound(error: unknown, policy: DropPolicy, proceed: () => void, ask: Ask = askSystem): void {
  if (!types.isNativeError(error)) {
    proceed();
    return;
  }
  const { code, syscall, hostname } = readFailure(error);
  if (code !== 'ENOTFOUND' || syscall !== 'getaddrinfo' || hostname === '') {
    proceed();
    return;
  }
  ask(hostname, (second) => {
    if (second !== null && causedByDrop(readFailure(second), policy)) annotate(error);
    proceed();
  });
}
