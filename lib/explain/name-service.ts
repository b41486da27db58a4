// SPDX-License-Identifier: MIT
import { existsSync, readFileSync } from 'node:fs';

/** Where files are read; tests have others. */
export interface Files {
  exists(path: string): boolean;
  read(path: string): string;
}

const realFiles: Files = { exists: existsSync, read: (path) => readFileSync(path, 'utf8') };

/**
 * Whether getaddrinfo() asks a service over a Unix socket with a pathname: nscd(8), or
 * systemd-resolved through nss-resolve(8). What such a service answers is its own answer.
 */
export function nameServiceBehindUnixSocket(files: Files = realFiles): boolean {
  if (files.exists('/var/run/nscd/socket')) return true;
  if (!files.exists('/run/systemd/resolve/io.systemd.Resolve')) return false;
  try {
    return /^\s*hosts:.*\bresolve\b/m.test(files.read('/etc/nsswitch.conf'));
  } catch {
    return false;
  }
}
