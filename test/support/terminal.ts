// SPDX-License-Identifier: MIT
// A terminal of the child's own, which a shell with the network may read.
import { constants, openSync } from 'node:fs';

import type { Attack } from './attack';

export interface Terminal {
  readonly primary: number;
  readonly secondary: number;
}

export function openTerminal({ call, int }: Pick<Attack, 'call' | 'int'>): Terminal {
  const primary = openSync('/dev/ptmx', constants.O_RDWR | constants.O_NOCTTY);
  call('ioctl', primary, 0x40045431, int(0)); // TIOCSPTLCK
  const number = int(0);
  call('ioctl', primary, 0x80045430, number); // TIOCGPTN
  const path = `/dev/pts/${String(number.readInt32LE(0))}`;
  return { primary, secondary: openSync(path, constants.O_RDWR | constants.O_NOCTTY) };
}
