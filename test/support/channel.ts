// SPDX-License-Identifier: MIT
// The child's end of the line to the test: JSON lines on descriptor 3. Writing is synchronous, so
// that nothing is lost when the process dies; the descriptor joins the event loop only to read.
import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface Channel {
  write(message: unknown): void;
  read(): Promise<unknown>;
}

export function openChannel(fd: number): Channel {
  let lines: AsyncIterator<string> | undefined;
  return {
    write: (message) => {
      writeSync(fd, `${JSON.stringify(message)}\n`);
    },
    read: async () => {
      lines ??= createInterface({ input: new Socket({ fd }) })[Symbol.asyncIterator]();
      const line = await lines.next();
      if (line.done === true) {
        throw new Error('the test has gone');
      }
      return JSON.parse(line.value) as unknown;
    },
  };
}
