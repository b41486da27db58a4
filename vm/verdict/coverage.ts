// SPDX-License-Identifier: MIT
// Which lines and branches of the module no test has reached, and which of them are explained.
import type { Suite, TestCase } from './outcome';

/** What `gcov --json-format` says of one source file, as far as it is read here. */
export interface GcovFile {
  readonly file: string;
  readonly lines: readonly GcovLine[];
}

interface GcovLine {
  readonly line_number: number;
  readonly count: number;
  readonly branches: readonly { readonly count: number }[];
}

/** Why a line of the source need not be reached whole. */
export interface Explanation {
  /** Name of the file in the module's folder. */
  readonly file: string;
  /** The text of the line, without the white space around it. */
  readonly line: string;
  readonly reason: string;
}

interface Unreached {
  readonly number: number;
  readonly text: string;
  /** The line itself, or how many of its branches. */
  readonly what: string;
  readonly reason: string | null;
}

export interface FileCoverage {
  readonly file: string;
  readonly lines: number;
  readonly linesReached: number;
  readonly branches: number;
  readonly branchesReached: number;
  readonly unreached: readonly Unreached[];
}

export interface Coverage {
  readonly files: readonly FileCoverage[];
  /** Explanations of what is reached, or is not there any more. */
  readonly stale: readonly Explanation[];
}

/**
 * @param objects what gcov says of each object; a header appears once for each that includes it
 * @param sources text of each file, by the name that gcov gives it
 */
export function measureCoverage(
  objects: readonly GcovFile[],
  sources: ReadonlyMap<string, string>,
  explanations: readonly Explanation[],
): Coverage {
  const needed = new Set<Explanation>();
  const explain = (file: string, text: string): string | null => {
    const found = explanations.find((candidate) => candidate.file === file && candidate.line === text);
    if (found !== undefined) needed.add(found);
    return found?.reason ?? null;
  };
  const files = [...sources].map(([name, source]) => {
    const lines = mergeLines(objects.filter(({ file }) => file === name));
    return measureFile(name.replace(/^.*\//, ''), lines, source.split('\n'), explain);
  });
  return {
    files: files.filter(({ lines }) => lines > 0),
    stale: explanations.filter((explanation) => !needed.has(explanation)),
  };
}

/** A line of an inline function has a count for each function that it became a part of. */
function mergeLines(objects: readonly GcovFile[]): ReadonlyMap<number, GcovLine> {
  const merged = new Map<number, GcovLine>();
  for (const line of objects.flatMap(({ lines }) => lines)) {
    const { line_number: number, count, branches } = line;
    const before = merged.get(number);
    // Copies that the compiler has shaped differently cannot be added: the one that shows more stays.
    const same = before?.branches.length === branches.length;
    const sum = same
      ? branches.map((branch, index) => ({ count: branch.count + (before.branches[index]?.count ?? 0) }))
      : (before?.branches.length ?? 0) > branches.length
        ? (before?.branches ?? [])
        : branches;
    merged.set(number, { line_number: number, count: count + (before?.count ?? 0), branches: sum });
  }
  return merged;
}

function measureFile(
  file: string,
  lines: ReadonlyMap<number, GcovLine>,
  source: readonly string[],
  explain: (file: string, text: string) => string | null,
): FileCoverage {
  const all = [...lines.values()].sort((one, other) => one.line_number - other.line_number);
  const branches = all.flatMap((line) => line.branches);
  const unreached = all
    .map((line) => ({ line, what: describe(line) }))
    .filter(({ what }) => what !== null)
    .map(({ line, what }): Unreached => {
      const text = (source[line.line_number - 1] ?? '').trim();
      return { number: line.line_number, text, what: what ?? '', reason: explain(file, text) };
    });
  return {
    file,
    lines: all.length,
    linesReached: all.filter(({ count }) => count > 0).length,
    branches: branches.length,
    branchesReached: branches.filter(({ count }) => count > 0).length,
    unreached,
  };
}

function describe({ count, branches }: GcovLine): string | null {
  if (count === 0) return 'never ran';
  const missing = branches.filter((branch) => branch.count === 0).length;
  return missing === 0 ? null : `${missing} of ${branches.length} branches never taken`;
}

/** Fails for each file with something that is neither reached nor explained, and for what is explained in vain. */
export function judgeCoverage({ files, stale }: Coverage): Suite {
  const suite = 'coverage';
  const verdict = (name: string, problems: readonly string[]): TestCase => ({
    suite,
    name,
    outcome: problems.length === 0 ? 'passed' : 'failed',
    message: problems.join('\n'),
  });
  const cases = files.map(({ file, unreached }) =>
    verdict(
      file,
      unreached
        .filter(({ reason }) => reason === null)
        .map(({ number, text, what }) => `${file}:${number}: ${what}: ${text}`),
    ),
  );
  const inVain = stale.map(({ file, line }) => `${file}: this is reached or gone, remove its explanation: ${line}`);
  const none = files.length === 0 ? [verdict('data', ['there is no data: has the kernel the series?'])] : [];
  return { name: suite, seconds: 0, cases: [...cases, ...none, verdict('explanations', inVain)], output: '' };
}
