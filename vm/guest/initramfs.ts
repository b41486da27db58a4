// SPDX-License-Identifier: MIT
// The guest's first file system: busybox, the first process, the test programs.
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { archiveDevice, archiveFile, archiveFolder, archiveLink, writeArchive, type ArchiveEntry } from './cpio';
import { VmError } from '../errors';

/** A file of the host for the guest. */
export interface GuestFile {
  /** Path in the guest, absolute. */
  readonly target: string;
  readonly source: string;
  readonly executable: boolean;
}

const busyboxPlaces = ['/bin/busybox', '/usr/bin/busybox', '/usr/bin/busybox-static'];

export function findBusybox(): string {
  const found = busyboxPlaces.find((file) => existsSync(file) && isStatic(readFileSync(file)));
  if (found === undefined) throw new VmError('environment', 'there is no static busybox. Install busybox-static.');
  return found;
}

export function buildInitramfs(init: string, files: readonly GuestFile[]): Buffer {
  const entries: ArchiveEntry[] = [
    ...['dev', 'proc', 'sys', 'tmp', 'run', 'root', 'etc'].map(archiveFolder),
    archiveDevice('dev/console', 5, 1),
    archiveDevice('dev/null', 1, 3),
    archiveFile('init', init, true),
    archiveFile('busybox/busybox', readFileSync(findBusybox()), true),
    // Links, so that the host's own can take their place.
    archiveLink('bin', 'busybox'),
    archiveLink('sbin', 'busybox'),
    // nobody and nogroup: whom tests become.
    archiveFile('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n'),
    archiveFile('etc/group', 'root:x:0:\nnogroup:x:65534:\n'),
    archiveFile('etc/hosts', '127.0.0.1 localhost\n::1 localhost\n'),
    archiveFile('etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n'),
    ...files.map(({ target, source, executable }) => archiveFile(target.slice(1), readFileSync(source), executable)),
  ];
  // Unpacking in the guest costs more than the host's disk.
  return gzipSync(writeArchive(entries), { level: 1 });
}

const elfMagic = Buffer.from('\x7fELF', 'latin1');
const interpreterSegment = 3; // PT_INTERP

export const isElf = (content: Buffer): boolean => content.subarray(0, 4).equals(elfMagic);

/** Whether an ELF program needs no dynamic linker; 32-bit and 64-bit, little-endian. */
export function isStatic(content: Buffer): boolean {
  if (!isElf(content)) return false;
  const wide = content[4] === 2;
  const start = wide ? Number(content.readBigUInt64LE(32)) : content.readUInt32LE(28);
  const size = content.readUInt16LE(wide ? 54 : 42);
  const count = content.readUInt16LE(wide ? 56 : 44);
  return Array.from({ length: count }, (_, index) => content.readUInt32LE(start + index * size)).every(
    (type) => type !== interpreterSegment,
  );
}
