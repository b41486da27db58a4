// SPDX-License-Identifier: MIT
// What a run needs of the host, and the line that installs what is missing.
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { VmError } from './errors';

interface Requirement {
  /** Debian's name. */
  readonly name: string;
  /** A program in PATH, or the absolute path of a file: one of them is enough. */
  readonly provides: readonly string[];
}

const always: readonly Requirement[] = [
  { name: 'qemu-system-x86', provides: ['qemu-system-x86_64'] },
  { name: 'busybox-static', provides: ['/bin/busybox', '/usr/bin/busybox'] },
  { name: 'util-linux', provides: ['setpriv'] },
  { name: 'util-linux', provides: ['flock'] },
];

const include = ['/usr/include', '/usr/include/x86_64-linux-gnu'];

const toBuild: readonly Requirement[] = [
  ...['gcc', 'make', 'flex', 'bison', 'bc', 'patch', 'rsync', 'tar', 'git'].map((name) => ({ name, provides: [name] })),
  { name: 'perl', provides: ['perl'] },
  { name: 'xz-utils', provides: ['xz'] },
  { name: 'libelf-dev', provides: include.map((folder) => `${folder}/libelf.h`) },
  { name: 'libssl-dev', provides: include.map((folder) => `${folder}/openssl/evp.h`) },
  { name: 'libc6-dev', provides: ['/usr/lib/x86_64-linux-gnu/libc.a', '/usr/lib64/libc.a', '/usr/lib/libc.a'] },
  { name: 'libcap-dev', provides: include.map((folder) => `${folder}/sys/capability.h`) },
];

/** Throws unless all that a run needs is there. */
export function checkPackages(building: boolean, isThere: (provided: string) => boolean = isProvided): void {
  const missing = [...always, ...(building ? toBuild : [])].filter(({ provides }) => !provides.some(isThere));
  if (missing.length === 0) return;
  const names = [...new Set(missing.map(({ name }) => name))].join(' ');
  throw new VmError(
    'environment',
    `packages are missing. Install them: sudo apt-get install --no-install-recommends ${names}`,
  );
}

function isProvided(provided: string): boolean {
  if (provided.startsWith('/')) return existsSync(provided);
  return (process.env['PATH'] ?? '').split(':').some((folder) => isExecutable(path.join(folder, provided)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
