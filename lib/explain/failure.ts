// SPDX-License-Identifier: MIT
import { types } from 'node:util';

/** What a system error of Node says of itself; any of it may be missing. */
export interface Failure {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  /** An IP address, the path of a Unix socket, or `'\0name'`. */
  readonly address: string;
  readonly port: number;
  /** The name or address that a resolver was asked about. */
  readonly hostname: string;
}

/** Reads an error that may be anything; what is missing becomes `''` or 0. */
export function readFailure(error: Error): Failure {
  const given = error as Partial<Record<keyof Failure, unknown>>;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const count = (value: unknown): number => (typeof value === 'number' ? value : 0);
  return {
    code: text(given.code),
    errno: count(given.errno),
    syscall: text(given.syscall),
    address: text(given.address),
    port: count(given.port),
    hostname: text(given.hostname),
  };
}

/** The errors that an AggregateError holds, for example one for each address of a name. */
export function partsOf(error: Error): readonly Error[] {
  const { errors } = error as { errors?: unknown };
  return Array.isArray(errors) ? errors.filter((part) => types.isNativeError(part)) : [];
}
