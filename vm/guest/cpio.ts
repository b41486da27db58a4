// SPDX-License-Identifier: MIT
// The archive that the kernel unpacks as its first file system: format "newc", see
// Documentation/driver-api/early-userspace/buffer-format.rst in the kernel's source.

export interface ArchiveEntry {
  /** Path without a leading slash. */
  readonly path: string;
  /** File type and permissions as in stat(2). */
  readonly mode: number;
  readonly content?: Uint8Array | string;
  /** Major and minor number of a device. */
  readonly device?: readonly [major: number, minor: number];
}

const fileType = { directory: 0o040000, file: 0o100000, link: 0o120000, characterDevice: 0o020000 } as const;

export const archiveFolder = (path: string): ArchiveEntry => ({ path, mode: fileType.directory | 0o755 });

export const archiveFile = (path: string, content: Uint8Array | string, executable = false): ArchiveEntry => ({
  path,
  mode: fileType.file | (executable ? 0o755 : 0o644),
  content,
});

export const archiveLink = (path: string, target: string): ArchiveEntry => ({
  path,
  mode: fileType.link | 0o777,
  content: target,
});

export const archiveDevice = (path: string, major: number, minor: number): ArchiveEntry => ({
  path,
  mode: fileType.characterDevice | 0o600,
  device: [major, minor],
});

/** The archive; each folder that a path needs is put before it, for the kernel makes none. */
export function writeArchive(entries: readonly ArchiveEntry[]): Buffer {
  const chunks: Buffer[] = [];
  withFolders(entries).forEach((entry, index) => chunks.push(writeEntry(entry, index + 1)));
  chunks.push(writeEntry({ path: 'TRAILER!!!', mode: 0 }, 0));
  return Buffer.concat(chunks);
}

function withFolders(entries: readonly ArchiveEntry[]): readonly ArchiveEntry[] {
  const all = new Map<string, ArchiveEntry>();
  for (const entry of entries) {
    if (entry.path === '' || entry.path.startsWith('/') || entry.path.split('/').includes('..')) {
      throw new RangeError(`'${entry.path}' is no path for an archive`);
    }
    const parts = entry.path.split('/');
    for (let length = 1; length < parts.length; length += 1) {
      const folder = parts.slice(0, length).join('/');
      if (!all.has(folder)) all.set(folder, archiveFolder(folder));
    }
    all.set(entry.path, entry);
  }
  return [...all.values()];
}

function writeEntry({ path, mode, content = '', device = [0, 0] }: ArchiveEntry, inode: number): Buffer {
  const data = Buffer.from(content);
  const name = Buffer.from(`${path}\0`);
  const fields = [inode, mode, 0, 0, 1, 0, data.length, 0, 0, device[0], device[1], name.length, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return Buffer.concat([pad(Buffer.concat([Buffer.from(header), name])), pad(data)]);
}

// Header with name, and data, each end at a multiple of four bytes.
function pad(buffer: Buffer): Buffer {
  return Buffer.concat([buffer, Buffer.alloc(-buffer.length & 3)]);
}
