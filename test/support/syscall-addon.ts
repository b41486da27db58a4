// SPDX-License-Identifier: MIT
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';

import { buildOnce, filesOf, repository, support } from './folders';

/** A Buffer stands for its address: keep it alive for as long as the kernel may use it. */
export type Argument = number | bigint | Uint8Array | null;

/**
 * In place of a system call's number: runs the program that the first argument is the path of, with
 * the list that the second one is, in a new process; answers its exit status.
 */
export const RUN_PROGRAM = -1000;

/** Every call answers the kernel's value or -errno. */
export interface SyscallAddon {
  syscall: (number: number, ...args: Argument[]) => number;
  /** In a thread that is created for the call and ends. */
  syscallInNewThread: (number: number, ...args: Argument[]) => number;
  /** In `count` different threads of the libuv pool at once; no more than the pool has. */
  syscallInPool(count: number, number: number, ...args: Argument[]): Promise<{ tid: number; result: number }[]>;
  /** In any thread of this process, whatever it is busy with, by a signal that nobody can block. */
  syscallInThread(tid: number, number: number, ...args: Argument[]): number;
  /** The address of a buffer, for a structure that points to it. */
  addressOf: (buffer: Uint8Array) => bigint;
  /** Memory that the kernel mapped, such as the rings of an io_uring. */
  memoryAt(address: number, length: number): Buffer;
  /** `cloneFlags`: CLONE_VM 0x100, CLONE_FILES 0x400; without the first, pointers mean nothing to it. */
  SharingProcess: new (cloneFlags: number) => SharingProcess;
  NativeThread: new (blockedSignals?: BlockedSignals) => NativeThread;
  SocketOpener: new (type: number, delayMicroseconds: number) => SocketOpener;
  ThreadChains: new (count: number, oldSocket: number, address: Uint8Array) => ThreadChains;
}

/** `library`: all that the C library lets a program block; `kernel`: all that the kernel does. */
export type BlockedSignals = 'none' | 'library' | 'kernel';

/** A thread as another addon might have one. */
export interface NativeThread {
  readonly tid: number;
  syscall(number: number, ...args: Argument[]): number;
  /** Starts a call that may block; {@link finish} waits for its answer. */
  begin(number: number, ...args: Argument[]): void;
  finish(): number;
  stop(): void;
}

/** A process that shares memory or descriptors with this one, and is no thread of it. */
export interface SharingProcess {
  syscall(number: number, ...args: Argument[]): number;
  stop(): void;
}

/** A thread that opens inet sockets of one type in a loop and keeps the first 64. */
export interface SocketOpener {
  readonly opened: number;
  readonly refused: number;
  stop(): void;
}

/** Chains of short-lived threads that each try the network once `markDropped` was called. */
export interface ThreadChains {
  readonly created: number;
  readonly triedAfter: number;
  readonly escaped: number;
  markDropped(): void;
  stop(): void;
}

/** The path of the addon, built if need be. */
export function buildSyscallAddon(): string {
  const sources = filesOf(join(support, 'syscall-addon'));
  const folder = buildOnce('syscall-addon', sources, (target) => {
    for (const source of sources) {
      copyFileSync(source, join(target, basename(source)));
    }
    const gyp = createRequire(join(repository, 'package.json')).resolve('node-gyp/bin/node-gyp.js');
    // The headers that belong to this very node: nothing is downloaded.
    const headers = `--nodedir=${resolve(process.execPath, '../..')}`;
    execFileSync(process.execPath, [gyp, 'rebuild', headers, '--jobs=max', `--directory=${target}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  });
  return join(folder, 'build/Release/syscall.node');
}
