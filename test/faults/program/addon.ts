// SPDX-License-Identifier: MIT

/** ../native/addon.c */
export interface Addon {
  configure(port: number, abstractName: string, pid: number): void;
  makeTcpSocket(): number;
  /** 0 or -errno. */
  startExtraThread(): number;
  begin(): void;
  end(): void;
  dropped(): void;
  /** 0, or less when the extra thread does not answer. */
  undo(): number;
  /** Chains of short-lived threads: how many, how many threads have tried, the ways that were open, as bits. */
  chain(): [number, number, number];
  extraThread(): number;
  /** Tries every way in a thread; 0 is the calling one. -errno when the thread cannot be asked. */
  tryWays(tid: number): readonly number[] | number;
  hasChildren(): boolean;
}
