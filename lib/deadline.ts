// SPDX-License-Identifier: MIT

/**
 * How long one call may wait for the threads of the process, in milliseconds. A thread in an
 * uninterruptible wait may not answer for longer.
 */
export const callTimeout = 10_000;

/** The moment by which all that one call waits for has to have come. */
export class Deadline {
  readonly #end: number;

  /** @param milliseconds - From now. */
  constructor(milliseconds: number = callTimeout) {
    this.#end = performance.now() + milliseconds;
  }

  /**
   * What is left, in whole milliseconds.
   *
   * @param least - What is granted in any case, for what cannot be left out.
   */
  remaining(least = 0): number {
    return Math.max(least, Math.ceil(this.#end - performance.now()));
  }
}
