// SPDX-License-Identifier: MIT
// What in a kernel's log is a failure, whatever the tests say.

export type LogFaultKind =
  'panic' | 'oops' | 'bug' | 'warning' | 'kasan' | 'kcsan' | 'ubsan' | 'lockdep' | 'hung' | 'leak';

export interface LogFault {
  readonly kind: LogFaultKind;
  /** The line as it stands, without time and colour. */
  readonly line: string;
  /** The test that ran then; null before the first and between two. */
  readonly test: string | null;
}

// The first that matches names the line; KASAN and others say "BUG:" too.
const patterns: readonly (readonly [RegExp, LogFaultKind])[] = [
  [/Kernel panic - not syncing/, 'panic'],
  [/BUG: KASAN:/, 'kasan'],
  [/BUG: KCSAN:/, 'kcsan'],
  [/UBSAN:/, 'ubsan'],
  [
    /WARNING: (possible circular locking|possible recursive locking|inconsistent lock state|suspicious RCU usage|possible irq lock inversion|bad unlock balance|held lock freed|lock held when returning|Nested lock was not taken|.*SOFTIRQ-safe|.*HARDIRQ-safe)|INFO: trying to register non-static key|BUG: sleeping function called from invalid context|BUG: Invalid wait context|\[ BUG: Invalid wait context/,
    'lockdep',
  ],
  [/Oops: |general protection fault|Unable to handle kernel|unable to handle page fault|stack segment:/, 'oops'],
  [/INFO: task .* blocked for more than|rcu: INFO: .* detected stalls|watchdog: BUG: soft lockup|hard LOCKUP/, 'hung'],
  [/kmemleak: \d+ new suspected|BUG .*: Objects remaining/, 'leak'],
  [/WARNING: /, 'warning'],
  [/\bBUG: |kernel BUG at|------------\[ cut here \]------------|BUG \w+ \(/, 'bug'],
];

const marker = /disablenetwork-vm: (begin|end) (\S+)/;

/** Every fault in the log, each with the test that it fell into. */
export function scanLog(log: string): readonly LogFault[] {
  const faults: LogFault[] = [];
  let test: string | null = null;
  for (const raw of log.split('\n')) {
    const line = plainLine(raw);
    const [, side, name] = marker.exec(line) ?? [];
    if (name !== undefined) {
      test = side === 'begin' ? name : null;
      continue;
    }
    const kind = patterns.find(([pattern]) => pattern.test(line))?.[1];
    if (kind === undefined) continue;
    faults.push({ kind, line, test });
  }
  return faults.filter((fault, index) => !isFrameOf(fault, faults[index + 1]));
}

// "cut here" stands above the line that says more.
function isFrameOf({ line }: LogFault, next: LogFault | undefined): boolean {
  return line.includes('cut here') && next !== undefined;
}

// eslint-disable-next-line no-control-regex -- a terminal's colours begin with the control character ESC
const colours = /\u001b\[[0-9;]*[A-Za-z]/g;

/** Without line end, colours, time and thread. */
function plainLine(line: string): string {
  return line
    .replace(/\r/g, '')
    .replace(colours, '')
    .replace(/^(<\d+>)?\[ *\d+\.\d+\](\[ *[TC]\d+\])? ?/, '')
    .trimEnd();
}
