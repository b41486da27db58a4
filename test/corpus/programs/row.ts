// SPDX-License-Identifier: MIT
// One row of the corpus with a real program: something that people run, and that has to go on working.

export interface ProgramRow {
  /** `F09.nginx`: stable; F01 to F08 are connections and the like of Node's own. */
  readonly id: string;
  readonly title: string;
  /** The Debian packages that it needs. */
  readonly packages: readonly string[];
  /** Options of `disablenetwork run`. */
  readonly options?: readonly string[];
  /**
   * Does real work with the program, which is started through `launcher`, and answers a text that only
   * right work gives: a digest, rows, a page. Throws when the work has failed; the error's text holds what
   * the program said. The folder is empty, and for this call alone.
   */
  work(launcher: readonly string[], folder: string): Promise<string>;
}
