// SPDX-License-Identifier: MIT
// Node decodes arguments and environment as UTF-8 and replaces what is none. A file's name may be
// any bytes, so the command gets the bytes as the kernel has them.

/** The texts of a buffer in which a NUL ends each one. */
export function splitAtNul(buffer: Buffer): readonly Buffer[] {
  const texts: Buffer[] = [];
  let start = 0;
  for (let end = buffer.indexOf(0); end >= 0; end = buffer.indexOf(0, start)) {
    texts.push(buffer.subarray(start, end));
    start = end + 1;
  }
  return texts;
}

/**
 * The bytes behind decoded arguments: they stand last in `commandLine`, which is what
 * `/proc/self/cmdline` holds. An argument that does not stand there is encoded anew.
 */
export function exactArguments(args: readonly string[], commandLine: Buffer): readonly Buffer[] {
  const last = splitAtNul(commandLine).slice(-args.length);
  return args.map((text, index) => {
    const bytes = last[index];
    return bytes?.toString() === text ? bytes : Buffer.from(text);
  });
}
