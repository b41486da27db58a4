// SPDX-License-Identifier: MIT
import { writeSync } from 'node:fs';

const pauseMilliseconds = 5;

/**
 * Writes the whole text before it returns. `process.stderr` would do so later, that is never, when
 * the process is about to become another program; and it would set the pipe non-blocking, which
 * that program would find.
 */
export function writeAll(fd: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
        throw error;
      }
      // Somebody else has set it non-blocking, and it is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMilliseconds);
    }
  }
}
