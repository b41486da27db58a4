// SPDX-License-Identifier: MIT
// How long a fuzzer runs and from which seed. `npm test` gives each a moment and a seed of its own;
// `npm test -- fuzz --seconds N --seed N` decides both.
import { writeSync } from 'node:fs';

const longRun = process.env['FUZZ_SECONDS'];

/** For each fuzzer, in seconds. */
export const seconds = (short: number): number => (longRun === undefined ? short : Number(longRun));

export const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Long enough for a test that spends its budget and then looks at the result. */
export const timeLimit = (short: number): number => (seconds(short) * 4 + 120) * 1000;

/** Past jest, which would show where it was called from and nothing in a run that passes. */
export function say(fuzzer: string, facts: object): void {
  writeSync(2, `fuzz ${fuzzer}: ${JSON.stringify(facts)}\n`);
}

/**
 * Calls `attempt` with ever new random numbers until the time is up, and answers how often. An error
 * gets the seed that makes it again at once.
 */
export function repeat(fuzzer: string, short: number, attempt: (random: Random, round: number) => void): number {
  const end = performance.now() + seconds(short) * 1000;
  const from = Number(process.env['FUZZ_ROUND'] ?? 0);
  let round = from;
  do {
    try {
      attempt(new Random(seed + round * 2654435761), round);
    } catch (error) {
      throw new Error(`${fuzzer}: FUZZ_SEED=${String(seed)} FUZZ_ROUND=${String(round)}`, { cause: error });
    }
    round += 1;
  } while (performance.now() < end);
  say(fuzzer, { cases: round - from, seed, seconds: seconds(short) });
  return round - from;
}

/** xorshift32 behind a mixing of the seed. */
export class Random {
  private state: number;

  constructor(from: number) {
    let state = from | 0;
    state = Math.imul(state ^ (state >>> 16), 0x45d9f3b);
    state = Math.imul(state ^ (state >>> 16), 0x45d9f3b);
    this.state = (state ^ (state >>> 16)) | 1;
  }

  /** From 0 to 2^32 - 1. */
  word(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return this.state >>> 0;
  }

  below(limit: number): number {
    return this.word() % limit;
  }

  onceIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<Value>(list: readonly Value[]): Value {
    return list[this.below(list.length)] as Value;
  }
}
