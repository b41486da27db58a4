// SPDX-License-Identifier: MIT
// What a run says while it works. On a terminal the progress is one line that changes; in a log it is a
// line now and then.
import { writeAll } from '../../lib/command-line/write-all';
import { describeProgress, type Progress } from '../kernel/progress';

export interface Terminal {
  readonly isTerminal: boolean;
  readonly width: number;
  writeOutput(text: string): void;
  writeError(text: string): void;
}

/** That of this process. */
export const openTerminal = (): Terminal => ({
  isTerminal: process.stderr.isTTY,
  width: Math.min(process.stderr.columns || 80, 100),
  writeOutput: (text) => {
    writeAll(1, text);
  },
  writeError: (text) => {
    writeAll(2, text);
  },
});

const logInterval = 15_000;

export class Reporter {
  private lineIsOpen = false;
  private lastLog = 0;

  constructor(
    private readonly terminal: Terminal,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.lastLog = now();
  }

  say(text: string): void {
    this.closeLine();
    this.terminal.writeError(`> ${text}\n`);
  }

  progress(progress: Progress): void {
    const text = describeProgress(progress);
    if (this.terminal.isTerminal) {
      // Clears the rest of the line.
      this.terminal.writeError(`\r${text.slice(0, this.terminal.width - 1)}\u001b[K`);
      this.lineIsOpen = true;
    } else if (this.now() - this.lastLog >= logInterval) {
      this.lastLog = this.now();
      this.terminal.writeError(`  ${text}\n`);
    }
  }

  private closeLine(): void {
    if (this.lineIsOpen) this.terminal.writeError('\r\u001b[K');
    this.lineIsOpen = false;
  }
}
