// SPDX-License-Identifier: MIT

/** A kernel that the series is made for. */
export interface Base {
  /** As in the name of Debian's package: linux-source-NAME. */
  readonly name: '6.12' | '6.1';
  /** What `KERNEL_BASE` stands for in the sources: 100 times the version and the patch level. */
  readonly number: number;
  /** Whether its patches are kept in patches/, for people to read; else they are made when they are needed. */
  readonly kept: boolean;
}

export const bases: readonly Base[] = [
  { name: '6.12', number: 612, kept: true },
  { name: '6.1', number: 601, kept: false },
];
