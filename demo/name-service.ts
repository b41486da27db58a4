// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDnsStub } from './dns-stub';
import type { Place } from './start';

const address = '127.53.0.53';

/** Puts the two files in the place of the system's, then becomes the command that follows them. */
const script = 'mount --bind "$1" /etc/resolv.conf && mount --bind "$2" /etc/nsswitch.conf && shift 2 && exec "$@"';

/**
 * dns.lookup() asks the name server of /etc/resolv.conf, and that must be on this machine. Returns
 * the beginning of a command that runs with such a file in a mount namespace of its own; or null,
 * where that cannot be: it takes root, namespaces, and port 53.
 */
export async function startNameService(place: Place, remember: (name: string) => void): Promise<string[] | null> {
  if (process.getuid?.() !== 0) return null;
  const resolver = join(place.directory, 'resolv.conf');
  const services = join(place.directory, 'nsswitch.conf');
  writeFileSync(resolver, `nameserver ${address}\noptions timeout:2 attempts:1\n`, { mode: 0o644 });
  writeFileSync(services, 'passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n', { mode: 0o644 });
  const command = ['unshare', '--mount', 'sh', '-c', script, 'sh', resolver, services];
  if (spawnSync('unshare', [...command.slice(1), 'true']).status !== 0) return null;
  try {
    await startDnsStub(place, remember, address, 53);
  } catch {
    return null;
  }
  return command;
}
