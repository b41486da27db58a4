// SPDX-License-Identifier: MIT
// Rows that have not run in an environment as they are now, each with the reason. The page says "not run"
// in their cells. A row that has run since must leave this list: a test compares.

export interface NotRun {
  readonly reason: string;
  readonly environments: readonly string[];
  readonly ids: readonly string[];
}

export const notRun: readonly NotRun[] = [];
