// SPDX-License-Identifier: MIT
// The counting program: compiled, and run in a machine that counts instructions.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { runBound } from '../../vm/children';
import { VmError } from '../../vm/errors';
import { bootAndRun } from '../../vm/guest/machine';
import { seriesFolder } from '../../vm/package-folder';
import { parseCounts, type GuestCounts } from './counts';

const name = 'cost';
export const costFolder = path.join(seriesFolder, name);
/** Where linux/disablenetwork.h is: a kernel without the series has none. */
const headers = path.resolve(seriesFolder, '../csrc/uapi');

export async function compileCounter(folder: string): Promise<string> {
  const target = path.join(folder, name);
  const sources = readdirSync(costFolder).filter((file) => file.endsWith('.c'));
  const { code, output } = await runBound(
    ['gcc', '-std=gnu17', '-O2', '-Wall', '-Wextra', '-static', '-pthread', '-I', headers, '-o', target, ...sources],
    { cwd: costFolder },
  );
  if (code !== 0) throw new VmError('program', 'the counting program cannot be compiled', output);
  return target;
}

export interface CountingBoot extends GuestCounts {
  /** As the guest says it. */
  readonly release: string;
  /** The security modules in force. */
  readonly modules: readonly string[];
}

/** Seconds. The machine is slow: it boots and counts for half a minute on a host that does nothing else. */
const bootLimit = 300;
const timeLimit = 900;
/** Mebibytes, for the thousands of processes whose memory is measured. */
const memory = 2048;

export async function bootCounter(options: {
  readonly image: string;
  readonly program: string;
  readonly modules: readonly string[];
  readonly folder: string;
}): Promise<CountingBoot> {
  const target = `/programs/${name}`;
  const { report, end, console, faults } = await bootAndRun({
    accelerator: 'tcg',
    kernel: options.image,
    programs: [{ name, command: [target], limit: timeLimit }],
    files: [{ target, source: options.program, executable: true }],
    shares: [],
    lsm: options.modules.join(','),
    kernelArguments: [],
    coverage: false,
    folder: options.folder,
    bootLimit,
    timeLimit,
    memory,
    counting: true,
  });
  const [run] = report.programs;
  const counted = run === undefined ? null : parseCounts(run.output);
  const fault = faults[0];
  if (fault !== undefined) throw new VmError('program', `the kernel said: ${fault.line}`);
  if (counted === null || run?.exitCode !== 0 || !report.done || report.release === null || report.lsm === null) {
    const why = end === 'off' ? `exit code ${run?.exitCode ?? 'unknown'}` : end;
    throw new VmError('program', `the counting program did not come to its end: ${why}`, console.slice(-3000));
  }
  return { ...counted, release: report.release, modules: report.lsm.trim().split(',') };
}
