// SPDX-License-Identifier: MIT
import { isIPv6 } from 'node:net';
import { getSystemErrorName } from 'node:util';
import { partsOf, readFailure, type Failure } from './failure';

const code = 'ERR_DISABLENETWORK_DENIED';

/**
 * Says in the error itself why it happened. The object stays the same, and errno, syscall, address
 * and port stay with it. `code` changes, because programs decide by it whether to try again, and
 * that is in vain; `systemCode` keeps what it was. `permission` and `resource` are what the errors
 * of Node's own permission model have.
 */
export function annotate(error: Error): void {
  const failure = readFailure(error);
  const parts = partsOf(error).map(readFailure);
  const first = parts[0] ?? failure;
  const resource = (parts.length === 0 ? [failure] : parts).map(resourceOf).join(', ');
  const systemCode = systemCodeOf(failure);
  const call = resource === '' ? first.syscall : `${first.syscall} ${resource}`;
  const message = `This process disabled its network (disablenetwork), so ${call} was refused (${systemCode}).`;
  rewrite(error, message, systemCode, resource);
}

/** As {@link annotate}, for the error of a connection that the drop has closed. */
export function annotateClosed(error: Error, resource: string): void {
  const { code: systemCode } = readFailure(error);
  const message = `This process disabled its network (disablenetwork) and closed the connection to ${resource}.`;
  rewrite(error, message, systemCode, resource);
}

function rewrite(error: Error, message: string, systemCode: string, resource: string): void {
  const stack = withHeader(error, message);
  define(error, 'message', message, false);
  if (stack !== undefined) define(error, 'stack', stack, false);
  define(error, 'code', code, true);
  define(error, 'systemCode', systemCode, true);
  define(error, 'permission', 'Net', true);
  define(error, 'resource', resource, true);
}

/** `host:port`, `[host]:port`, the path of a Unix socket, or a name. */
function resourceOf({ address, port, hostname }: Failure): string {
  if (port <= 0) return address || hostname;
  return isIPv6(address) ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}

/** os.networkInterfaces() has a code of Node's own, and errno without its sign. */
function systemCodeOf(failure: Failure): string {
  return failure.code.startsWith('ERR_') ? getSystemErrorName(-Math.abs(failure.errno)) : failure.code;
}

/** The header is written into the stack when the error is made. */
function withHeader(error: Error, message: string): string | undefined {
  if (typeof error.stack !== 'string') return undefined;
  const frames = error.stack.indexOf('\n    at ');
  return `${error.name} [${code}]: ${message}${frames === -1 ? '' : error.stack.slice(frames)}`;
}

/** Unlike an assignment it throws for no error, and a message that was inherited stays out of listings. */
function define(error: Error, key: string, value: string, enumerable: boolean): void {
  Reflect.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
}
