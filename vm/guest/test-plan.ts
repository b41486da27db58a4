// SPDX-License-Identifier: MIT
// Which programs a guest runs, and the files that they need.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { runBound } from '../children';
import { VmError } from '../errors';
import type { GuestProgram } from './init-script';
import { isElf, isStatic, type GuestFile } from './initramfs';
import { nodeCommand, nodeShares } from './node-share';
import type { HostShare } from './qemu';

export interface TestPlan {
  readonly programs: readonly GuestProgram[];
  readonly files: readonly GuestFile[];
  readonly shares: readonly HostShare[];
}

/** The kernel's own tests as `make install` has left them: each line of the list is FOLDER:TEST. */
export function planSelftests(folder: string, limit: number): TestPlan {
  const list = path.join(folder, 'kselftest-list.txt');
  if (!existsSync(list)) return { programs: [], files: [], shares: [] };
  const tests = readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line.includes(':'));
  const collections = [...new Set(tests.map((line) => line.split(':')[0] ?? ''))];
  const files = [...collections, ...['kselftest'].filter((name) => existsSync(path.join(folder, name)))].flatMap(
    (name) =>
      filesBelow(path.join(folder, name)).map((source) => ({
        source,
        target: `/selftests/${path.relative(folder, source)}`,
        executable: (statSync(source).mode & 0o111) !== 0,
      })),
  );
  const programs = tests.map((line) => {
    const [collection = '', test = ''] = line.split(':');
    return { name: line, command: [`/selftests/${collection}/${test}`], limit };
  });
  return { programs, files, shares: [] };
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}

/** The user's own programs. */
export async function planPrograms(
  sources: readonly string[],
  options: { readonly limit: number; readonly folder: string; readonly headers: string | null },
): Promise<TestPlan> {
  const programs: GuestProgram[] = [];
  const files: GuestFile[] = [];
  let shares: readonly HostShare[] = [];
  for (const [index, source] of sources.entries()) {
    if (!existsSync(source)) throw new VmError('program', `there is no program '${source}'`);
    const name = uniqueName(path.basename(source).replace(/\s/g, '-'), programs);
    const target = `/programs/${index}/${path.basename(source)}`;
    if (/\.[cm]?js$/.test(source)) {
      shares = nodeShares();
      files.push({ source, target, executable: false });
      programs.push({ name, command: nodeCommand(target), limit: options.limit });
      continue;
    }
    const compiled = source.endsWith('.c') ? await compileProgram(source, index, options) : source;
    checkProgram(compiled);
    files.push({ source: compiled, target, executable: true });
    programs.push({ name, command: [target], limit: options.limit });
  }
  return { programs, files, shares };
}

const uniqueName = (name: string, others: readonly GuestProgram[]): string =>
  others.some((other) => other.name === name) ? `${name}-${others.length + 1}` : name;

async function compileProgram(
  source: string,
  index: number,
  { folder, headers }: { readonly folder: string; readonly headers: string | null },
): Promise<string> {
  const target = path.join(folder, `program-${index}`);
  mkdirSync(folder, { recursive: true });
  // The headers of the kernel that is booted, where it was built here.
  const include = headers === null ? [] : ['-isystem', headers];
  const command = ['gcc', '-O2', '-Wall', '-static', '-pthread', ...include, '-o', target, source];
  const { code, output } = await runBound(command);
  if (code !== 0) throw new VmError('program', `${source} cannot be compiled`, output);
  return target;
}

function checkProgram(file: string): void {
  const content = readFileSync(file);
  if (isElf(content)) {
    if (!isStatic(content)) {
      throw new VmError('program', `${file} needs a dynamic linker, which the guest lacks: link it with -static.`);
    }
  } else if (content.subarray(0, 2).toString() !== '#!') {
    throw new VmError('program', `${file} is neither an ELF program nor a script that begins with #!`);
  }
}

export function joinPlans(plans: readonly TestPlan[]): TestPlan {
  return {
    programs: plans.flatMap(({ programs }) => programs),
    files: plans.flatMap(({ files }) => files),
    shares: plans.flatMap(({ shares }) => shares),
  };
}
