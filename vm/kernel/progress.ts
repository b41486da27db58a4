// SPDX-License-Identifier: MIT
// How far a kernel's build is, from the lines that make(1) prints.

export interface Progress {
  readonly phase: string;
  readonly done: number;
  /** Null while nothing is known. */
  readonly expected: number | null;
  readonly secondsLeft: number | null;
}

// Only these make an object of the kernel: host tools and generated files are few and quick.
const objectLine = /^ {2}(CC|AS)( \[M\])? {2,}(\S+)/;
const otherLine = /^ {2}([A-Z][A-Z0-9_-]*)( \[M\])? {2,}(\S+)/;
const dryObject = /\s-c -o \S+\.o\s/;

/** The number of objects that a dry run (`make -n`) would make. */
export function countExpected(dryRun: string): number {
  return dryRun.split('\n').filter((line) => dryObject.test(line)).length;
}

/** Reads what make prints and answers where the build is; time in milliseconds. */
export class ProgressMeter {
  private done = 0;
  private phase = 'starting';
  private readonly start: number;

  constructor(
    private readonly expected: number | null,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.start = now();
  }

  /** Answers whether the line has changed anything. */
  read(line: string): boolean {
    const [, , , object] = objectLine.exec(line) ?? [];
    if (object !== undefined) {
      this.done += 1;
      this.phase = `compiling ${object.split('/').slice(0, 2).join('/')}`;
      return true;
    }
    const [, action] = otherLine.exec(line) ?? [];
    if (action !== 'LD' && action !== 'KSYMS' && action !== 'BTF' && action !== 'NM') return false;
    if (this.expected !== null && this.done >= this.expected) this.phase = 'linking';
    return true;
  }

  get progress(): Progress {
    const { done, phase } = this;
    // The first objects tell little; and there may be more than expected.
    const expected = this.expected === null ? null : Math.max(this.expected, done);
    const elapsed = (this.now() - this.start) / 1000;
    const secondsLeft = expected === null || done < 20 ? null : Math.round((elapsed / done) * (expected - done));
    return { phase, done, expected, secondsLeft };
  }
}

/** One line for people. */
export function describeProgress({ phase, done, expected, secondsLeft }: Progress): string {
  const objects = expected === null ? `${done} objects` : `${done} of ${expected} objects`;
  const left = secondsLeft === null ? '' : `, ${describeSeconds(secondsLeft)} left`;
  return `${objects}${left}, ${phase}`;
}

/** `75` as `1 min 15 s`. */
export function describeSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
