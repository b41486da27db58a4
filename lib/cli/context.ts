// SPDX-License-Identifier: MIT
import type { NetworkStatusOptions } from '../api/network-status';
import type { DisableNetworkOptions, KernelSupport, NetworkStatus, Receipt } from '../types';

/** A process as /proc names it. */
export interface ListedProcess {
  readonly pid: number;
  /** Its arguments; empty when they cannot be read. */
  readonly command: readonly string[];
}

/** What a receipt is written to: opened before the drop, so that a bad path changes nothing. */
export interface ReceiptFile {
  write(text: string): void;
}

/** All that the commands ask of the world; the unit tests hand in another one. */
export interface CommandContext {
  readonly packageVersion: string;
  readonly nodeVersion: string;
  readonly libc: string;
  /** Columns to wrap text for people at. */
  readonly width: number;
  /** Value of PATH; undefined when it is not set. */
  readonly path: string | undefined;

  disableNetwork(options: DisableNetworkOptions): Receipt;
  networkStatus(pid: number | undefined, options: NetworkStatusOptions): NetworkStatus;
  kernelSupport(): KernelSupport;

  /** The descriptors above standard error that the command would not get otherwise. */
  listInherited(): readonly number[];
  /** Replaces this process by `file`; returns only on failure, with -errno. */
  execute(file: string, args: readonly string[], descriptors: readonly number[]): number;
  fileExists(file: string): boolean;
  openReceipt(file: string): ReceiptFile;
  /** Every process that /proc shows. */
  listProcesses(): readonly ListedProcess[];
  processExists(pid: number): boolean;
  /** Whether /proc is mounted so that it hides other users' processes from this one. */
  areProcessesHidden(): boolean;

  writeOutput(text: string): void;
  writeError(text: string): void;
}
