// SPDX-License-Identifier: MIT
import { rmSync } from 'node:fs';

type Step = () => void | Promise<void>;

/**
 * Undoes, last first, whatever was started or made. A step that fails does not keep the others
 * from being taken.
 */
export class Cleanup {
  readonly #steps: Step[] = [];
  readonly #pids = new Set<number>();
  #running: Promise<void> | undefined;

  constructor() {
    // The last resort, for an exit that did not wait for run().
    process.on('exit', () => {
      for (const pid of this.#pids) signal(pid, 'SIGKILL');
    });
  }

  add(step: Step): void {
    this.#steps.push(step);
  }

  /** Remembers a child, so that no way of leaving the demo leaves it behind. */
  track(pid: number): () => void {
    this.#pids.add(pid);
    return () => this.#pids.delete(pid);
  }

  removeDirectory(path: string): void {
    this.add(() => {
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    });
  }

  run(): Promise<void> {
    this.#running ??= this.#takeSteps();
    return this.#running;
  }

  async #takeSteps(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        process.stderr.write(`demo: cleaning up: ${String(error)}\n`);
      }
    }
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
