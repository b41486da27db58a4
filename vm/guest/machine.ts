// SPDX-License-Identifier: MIT
// One boot: starts QEMU, listens to it, and ends it when its time is over.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { spawnBound } from '../children';
import { VmError } from '../errors';
import { FrameReader, type GuestReport } from './frames';
import { writeInit, type GuestProgram } from './init-script';
import { buildInitramfs, type GuestFile } from './initramfs';
import { scanLog, type LogFault } from './log-scan';
import { qemuCommand, type Accelerator, type HostShare } from './qemu';

/** How the machine itself ended. */
export type MachineEnd = 'off' | 'boot-timeout' | 'time-limit';

export interface BootOptions {
  readonly accelerator: Accelerator;
  /** The kernel: an ELF vmlinux with PVH, or a bzImage. */
  readonly kernel: string;
  readonly programs: readonly GuestProgram[];
  readonly files: readonly GuestFile[];
  readonly shares: readonly HostShare[];
  readonly lsm: string | null;
  readonly kernelArguments: readonly string[];
  readonly coverage: boolean;
  /** NAME=VALUE, for every program; nothing unless given. */
  readonly environment?: readonly string[];
  /** A folder for the files of this boot. */
  readonly folder: string;
  /** Seconds until the guest must have spoken. */
  readonly bootLimit: number;
  /** Seconds until the machine is ended, whatever it does. */
  readonly timeLimit: number;
  /** Mebibytes. */
  readonly memory?: number;
  /** One processor whose time stamp counter counts instructions; needs TCG. */
  readonly counting?: boolean;
  /** Hears of each program that begins or ends. */
  readonly onFrame?: (words: readonly string[], report: GuestReport) => void;
}

export interface BootResult {
  readonly report: GuestReport;
  readonly end: MachineEnd;
  readonly console: string;
  readonly faults: readonly LogFault[];
  /** Seconds from QEMU's start to its end. */
  readonly seconds: number;
}

const defaultMemory = 1024;

function prepare(options: BootOptions, token: string, interactive: boolean): readonly string[] {
  const initramfs = path.join(options.folder, 'initramfs.cpio.gz');
  const { programs, shares, coverage, environment = [] } = options;
  writeFileSync(
    initramfs,
    buildInitramfs(writeInit({ token, programs, shares, coverage, environment, interactive }), options.files),
  );
  return qemuCommand({
    ...options,
    initramfs,
    consoleFile: interactive ? null : consoleFile(options.folder),
    memory: options.memory ?? defaultMemory,
    processors: options.counting === true ? 1 : 2,
    counting: options.counting ?? false,
  });
}

const consoleFile = (folder: string): string => path.join(folder, 'console.log');

/** Boots, runs the programs, and answers what came of it; throws only when QEMU cannot be started. */
export async function bootAndRun(options: BootOptions): Promise<BootResult> {
  const token = randomBytes(8).toString('hex');
  const reader = new FrameReader(token, options.onFrame);
  const decoder = new StringDecoder('utf8');
  const start = performance.now();
  writeFileSync(consoleFile(options.folder), '');
  const qemu = spawnBound('KILL', prepare(options, token, false), { stdio: ['ignore', 'pipe', 'pipe'] });
  let end: MachineEnd = 'off';
  const endBy = (reason: MachineEnd): void => {
    end = reason;
    qemu.kill('SIGKILL');
  };
  const bootTimer = setTimeout(() => {
    if (!reader.report.ready) endBy('boot-timeout');
  }, options.bootLimit * 1000);
  const timer = setTimeout(() => {
    endBy('time-limit');
  }, options.timeLimit * 1000);
  let complaint = '';
  qemu.stdout?.on('data', (chunk: Buffer) => {
    reader.read(decoder.write(chunk));
  });
  qemu.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    qemu.once('error', reject);
    qemu.once('close', resolve);
  }).finally(() => {
    clearTimeout(bootTimer);
    clearTimeout(timer);
  });
  const report = reader.finish();
  const console = readFileSync(consoleFile(options.folder), 'utf8');
  if (code !== 0 && code !== null && console === '') {
    throw new VmError('environment', `QEMU does not start: ${complaint.trim()}`);
  }
  return { report, end, console, faults: scanLog(console), seconds: (performance.now() - start) / 1000 };
}

/** A shell on this terminal; answers when the machine has ended. */
export async function bootShell(options: BootOptions): Promise<void> {
  const qemu = spawnBound('KILL', prepare(options, 'shell', true), { stdio: 'inherit' });
  await new Promise<void>((resolve, reject) => {
    qemu.once('error', reject);
    qemu.once('close', (code) => {
      if (code === 0 || code === null) resolve();
      else reject(new VmError('environment', `QEMU ended with exit code ${code}`));
    });
  });
}
