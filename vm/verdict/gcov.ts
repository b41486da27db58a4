// SPDX-License-Identifier: MIT
// From the counters that a guest hands over to what gcov says of them. gcov must be of the compiler's
// own version, so it runs here and not in the guest.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runBound } from '../children';
import type { Explanation, GcovFile } from './coverage';
import { VmError } from '../errors';
import { seriesFolder } from '../package-folder';

/** Below the kernel's tree. */
export const measuredFolder = 'security/disablenetwork';

export function readExplanations(file = path.join(seriesFolder, 'config/unreached.json')): readonly Explanation[] {
  return JSON.parse(readFileSync(file, 'utf8')) as readonly Explanation[];
}

/**
 * @param archive the guest's archive, base64
 * @param kernel folder of the kernel in the cache, with the compiler's notes
 * @param folder a new folder for what gcov needs side by side
 */
export async function runGcov(
  archive: string,
  kernel: string,
  folder: string,
): Promise<{ readonly objects: readonly GcovFile[]; readonly sources: ReadonlyMap<string, string> }> {
  checkVersion();
  const counters = path.join(folder, 'counters');
  const measured = path.join(folder, measuredFolder);
  mkdirSync(counters, { recursive: true });
  cpSync(path.join(kernel, 'coverage', measuredFolder), measured, { recursive: true });
  const file = path.join(folder, 'coverage.tar.gz');
  writeFileSync(file, Buffer.from(archive, 'base64'));
  const { code, output } = await runBound(['tar', '--extract', '--gzip', '--file', file, '--directory', counters]);
  if (code !== 0) throw new VmError('environment', 'the coverage data of the guest cannot be unpacked', output);
  for (const name of readdirSync(counters, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.gcda')) copyFileSync(path.join(counters, name), path.join(measured, path.basename(name)));
  }
  const names = readdirSync(measured);
  const notes = names.filter((name) => name.endsWith('.gcno'));
  const bare = notes.find((name) => !existsSync(path.join(measured, name.replace(/\.gcno$/, '.gcda'))));
  if (bare !== undefined) throw new VmError('environment', `the guest has handed over no counters for ${bare}`);
  const objects: GcovFile[] = [];
  for (const name of notes) objects.push(...(await readObject(folder, name.replace(/\.gcno$/, '.gcda'))));
  const sources = new Map(
    names
      .filter((name) => /\.[ch]$/.test(name) && !name.endsWith('.mod.c'))
      .map((name) => [`${measuredFolder}/${name}`, readFileSync(path.join(measured, name), 'utf8')]),
  );
  return { objects, sources };
}

async function readObject(folder: string, name: string): Promise<readonly GcovFile[]> {
  const command = ['gcov', '--json-format', '--branch-probabilities', '--stdout', path.join(measuredFolder, name)];
  const { code, output } = await runBound(command, { cwd: folder });
  const start = output.indexOf('{');
  if (code !== 0 || start < 0) throw new VmError('environment', `gcov cannot read ${name}`, output);
  const { files } = JSON.parse(output.slice(start)) as { readonly files: readonly GcovFile[] };
  return files.filter(({ file }) => file.startsWith(`${measuredFolder}/`));
}

function checkVersion(): void {
  const version = (command: string): string | undefined =>
    /\d+\.\d+\.\d+/.exec(spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout)?.[0];
  const [compiler, tool] = [version('gcc'), version('gcov')];
  if (tool === compiler) return;
  throw new VmError(
    'environment',
    `gcov is ${tool ?? 'missing'} and gcc is ${compiler ?? 'missing'}: both must be of one package. Install gcc.`,
  );
}
