// SPDX-License-Identifier: MIT
import { accessSync, constants, readdirSync } from 'node:fs';
import { join } from 'node:path';

const directories = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];

/** Programs that the demo drives, and the Debian package that each comes from. */
const packages = {
  postgres: 'postgresql',
  initdb: 'postgresql',
  curl: 'curl',
  python3: 'python3',
  gcc: 'gcc',
  openssl: 'openssl',
  Xvfb: 'xvfb',
  xdpyinfo: 'x11-utils',
  sort: 'coreutils',
  su: 'util-linux',
  setpriv: 'util-linux',
  unshare: 'util-linux',
} as const;

export type Program = keyof typeof packages;

/** Finds every program, or throws once, naming all that are missing and what installs them. */
export function findPrograms(): Record<Program, string> {
  const searched = [...postgresDirectories(), ...directories];
  const found = new Map<string, string>();
  for (const name of Object.keys(packages)) {
    const path = searched.map((directory) => join(directory, name)).find(isExecutable);
    if (path !== undefined) found.set(name, path);
  }
  const missing = Object.entries(packages).filter(([name]) => !found.has(name));
  if (missing.length > 0) {
    const names = missing.map(([name]) => name).join(', ');
    const install = [...new Set(missing.map(([, name]) => name))].join(' ');
    throw new Error(`the demo needs ${names}; on Debian: apt-get install ${install}`);
  }
  return Object.fromEntries(found) as Record<Program, string>;
}

/** Debian keeps the server's programs out of PATH, one directory a version; the newest first. */
function postgresDirectories(): string[] {
  const root = '/usr/lib/postgresql';
  try {
    const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a));
    return versions.map((version) => join(root, version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
