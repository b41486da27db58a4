// SPDX-License-Identifier: MIT
// Node in the guest: the host's own program and libraries and this package, over 9p, read-only. What is
// shared is narrow on purpose: nothing else of the host is to be seen in there.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, linkSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { cacheFolder } from '../kernel/cache';
import { VmError } from '../errors';
import { packageFolder } from '../package-folder';
import type { HostShare } from './qemu';

const nodeTarget = '/node';
const packageTarget = '/node_modules/disablenetwork';

/** The parts of this package that a program needs, each mounted where `require` looks. */
const packageParts = ['dist', 'prebuilds'];

export function nodeShares(): readonly HostShare[] {
  const parts = packageParts.map((name, index) => ({
    tag: `package${index}`,
    source: path.join(packageFolder, name),
    target: `${packageTarget}/${name}`,
    writable: false,
  }));
  const absent = parts.find(({ source }) => !existsSync(source));
  if (absent !== undefined) {
    throw new VmError('environment', `${absent.source} is missing: build the package first (npm run build:addon).`);
  }
  return [{ tag: 'node', source: stageNode(), target: nodeTarget, writable: false }, ...parts];
}

/** Node by its own dynamic linker, so that the guest needs nothing at the usual places. */
export function nodeCommand(program: string): readonly string[] {
  return [`${nodeTarget}/ld.so`, '--library-path', nodeTarget, `${nodeTarget}/node`, program];
}

/** Files that the initramfs must have for Node. */
export const packageManifest = {
  source: path.join(packageFolder, 'package.json'),
  target: `${packageTarget}/package.json`,
  executable: false,
};

function stageNode(): string {
  const node = realpathSync(process.execPath);
  const { stdout, status } = spawnSync('ldd', [node], { encoding: 'utf8' });
  if (status !== 0) throw new VmError('environment', `ldd cannot tell the libraries of ${node}`);
  const libraries = [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, file = '']) => file);
  const linker = libraries.find((file) => path.basename(file).startsWith('ld-linux'));
  if (linker === undefined) throw new VmError('environment', `${node} has no dynamic linker that is known here`);
  const key = createHash('sha256')
    .update([process.version, node, ...libraries].join('\n'))
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(cacheFolder(), 'node', key);
  mkdirSync(folder, { recursive: true });
  place(node, path.join(folder, 'node'));
  place(linker, path.join(folder, 'ld.so'));
  for (const library of libraries) if (library !== linker) place(library, path.join(folder, path.basename(library)));
  return folder;
}

/** A link where the file system allows one: Node has 100 MB. */
function place(source: string, target: string): void {
  if (existsSync(target)) return;
  const real = realpathSync(source);
  try {
    linkSync(real, target);
  } catch {
    copyFileSync(real, target);
  }
}
