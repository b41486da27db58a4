// SPDX-License-Identifier: MIT

/**
 * Where a run came to its end:
 * `environment`: this machine lacks something (packages, disk space, a readable file);
 * `source`: the kernel's source was not found or the series does not apply to it;
 * `config`: a requested line of the configuration was not honoured;
 * `build`: the compiler failed;
 * `program`: a test program cannot run in the guest.
 */
export type VmErrorKind = 'environment' | 'source' | 'config' | 'build' | 'program';

/** Why no machine could be started. What happens inside a machine is a result, not an error. */
export class VmError extends Error {
  override readonly name = 'VmError';

  constructor(
    readonly kind: VmErrorKind,
    message: string,
    /** The end of a log, where there is one. */
    readonly details = '',
  ) {
    super(message);
  }
}

/** The error in the words of whoever has to act: a full disk or a strange home is no fault of the kernel. */
export function explainDisk(error: unknown, folder: string): unknown {
  const text = error instanceof VmError ? `${error.message}\n${error.details}` : String(error);
  if (/ENOSPC|No space left on device|Disk quota exceeded|EDQUOT/.test(text)) {
    return new VmError(
      'environment',
      `the disk is full at ${folder}: a kernel needs about 4 GB while it is built. ` +
        'Free some, or point XDG_CACHE_HOME at another disk.',
    );
  }
  const { code, path } = error as NodeJS.ErrnoException;
  if (/^(EACCES|EPERM|EROFS|ENOTDIR)$/.test(code ?? '') && path?.startsWith(folder) === true) {
    return new VmError(
      'environment',
      `${folder} cannot be written (${code ?? ''}). Point XDG_CACHE_HOME at a folder of yours with 5 GB to spare.`,
    );
  }
  return error;
}
