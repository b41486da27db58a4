// SPDX-License-Identifier: MIT
import type { Descriptor, Residual } from '../types';

/** One line for each residual: what it is, what it leaves open, what to do. */
export function describeResiduals(residuals: readonly Residual[]): string {
  return residuals
    .map(({ id, descriptor, ways, remedy }) => {
      const where = descriptor === null ? '' : `, ${describeDescriptor(descriptor)}`;
      return `  ${id}${where}\n    open: ${ways.join('; ')}\n    ${remedy}`;
    })
    .join('\n');
}

/** For example `descriptor 21: AF_INET SOCK_DGRAM 127.0.0.1:53210 -> 127.0.0.1:8125`. */
export function describeDescriptor({ fd, family, type, link, local, remote, state, owner }: Descriptor): string {
  const what = family === null ? link : [family, type, state].filter((part) => part !== null).join(' ');
  const addresses = [local, remote === null ? null : `-> ${remote}`].filter((part) => part !== null).join(' ');
  const holder = owner === null ? '' : ` (${owner})`;
  return `descriptor ${String(fd)}${holder}: ${what}${addresses === '' ? '' : ` ${addresses}`}`;
}
