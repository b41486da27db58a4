// SPDX-License-Identifier: MIT
// What `--kernel` names: a version of Debian's, a tree, or an image that is ready.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { runBound } from '../children';
import { digestFile } from './cache';
import { VmError } from '../errors';

/** The kernels that the series is made for. */
export const bases = ['6.12', '6.1'] as const;
export type Base = (typeof bases)[number];

export type KernelSource =
  | { readonly kind: 'debian'; readonly base: Base; readonly tarball: string }
  | { readonly kind: 'tree'; readonly base: Base; readonly folder: string }
  | { readonly kind: 'image'; readonly file: string };

const tarballFolder = '/usr/src';

/** Answers what the value of `--kernel` stands for. */
export function resolveSource(value: string): KernelSource {
  const base = bases.find((candidate) => candidate === value);
  if (base !== undefined) {
    const tarball = path.join(tarballFolder, `linux-source-${base}.tar.xz`);
    if (existsSync(tarball)) return { kind: 'debian', base, tarball };
    throw new VmError('environment', `${tarball} is missing. Install it: sudo apt-get install linux-source-${base}`);
  }
  const stat = statSync(value, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw new VmError(
      'source',
      `there is no '${value}': --kernel takes ${bases.join(', ')}, a kernel tree or an image.`,
    );
  }
  if (stat.isFile()) return { kind: 'image', file: path.resolve(value) };
  const makefile = path.join(value, 'Makefile');
  const version = existsSync(makefile) ? readVersion(readFileSync(makefile, 'utf8')) : null;
  if (version === null) throw new VmError('source', `${value} is no kernel tree: its Makefile names no version.`);
  return { kind: 'tree', base: nearestBase(version), folder: path.resolve(value) };
}

/** Version and patch level, as the kernel's Makefile begins with them. */
export function readVersion(makefile: string): readonly [number, number] | null {
  const version = /^VERSION = (\d+)$/m.exec(makefile)?.[1];
  const level = /^PATCHLEVEL = (\d+)$/m.exec(makefile)?.[1];
  return version === undefined || level === undefined ? null : [Number(version), Number(level)];
}

/** The base whose patches suit a version best: the newest that is not newer, else the oldest. */
export function nearestBase([version, level]: readonly [number, number]): Base {
  return version > 6 || (version === 6 && level >= 12) ? '6.12' : '6.1';
}

/** A digest of all that a build of the source reads. */
export async function digestSource(source: KernelSource): Promise<string> {
  if (source.kind === 'debian') return digestFile(source.tarball);
  if (source.kind === 'image') return digestFile(source.file);
  const { folder } = source;
  const script = existsSync(path.join(folder, '.git'))
    ? // The commit, what differs from it, and what it does not know.
      `git rev-parse 'HEAD^{tree}' && git diff --binary HEAD && git ls-files -z --others --exclude-standard | xargs -0 -r sha256sum`
    : `find . -path ./.git -prune -o -type f -printf '%p %s %T@\\n' | sort`;
  const { code, output } = await runBound(['sh', '-ec', script], { cwd: folder });
  if (code !== 0) throw new VmError('source', `${folder} cannot be read`, output);
  return createHash('sha256').update(output).digest('hex');
}

/** Puts the source into `target`, which does not exist yet. The user's own tree is only read. */
export async function placeSource(source: Exclude<KernelSource, { kind: 'image' }>, target: string): Promise<void> {
  const script =
    source.kind === 'debian'
      ? 'mkdir "$2" && tar --extract --xz --file "$1" --directory "$2" --strip-components 1'
      : existsSync(path.join(source.folder, '.git'))
        ? 'mkdir "$2" && cd "$1" && { git ls-files -z && git ls-files -z --others --exclude-standard; } | ' +
          'while IFS= read -r -d "" file; do [ ! -e "$file" ] && [ ! -L "$file" ] || printf "%s\\0" "$file"; done | ' +
          'tar --create --null --no-recursion --files-from - | tar --extract --directory "$2"'
        : 'cp -a --reflink=auto "$1" "$2" && make -s -C "$2" mrproper';
  const from = source.kind === 'debian' ? source.tarball : source.folder;
  const { code, output } = await runBound(['bash', '-ec', `set -o pipefail; ${script}`, 'bash', from, target]);
  if (code !== 0) throw new VmError('source', `the source ${from} cannot be unpacked`, output);
}
