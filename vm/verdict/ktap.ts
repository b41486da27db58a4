// SPDX-License-Identifier: MIT
// The Kernel Test Anything Protocol, version 1, and the TAP 13 that older tests print: see
// Documentation/dev-tools/ktap.rst. Subtests are indented by spaces or by "# " and stand before the
// result that sums them up.

export type Outcome = 'passed' | 'failed' | 'skipped';

export interface KtapTest {
  readonly name: string;
  readonly outcome: Outcome;
  /** The reason behind the directive, and for a failure the diagnostic lines above it. */
  readonly message: string;
  readonly subtests: readonly KtapTest[];
}

export interface KtapReport {
  readonly tests: readonly KtapTest[];
  /** What makes the report itself untrustworthy: a plan that was not kept, a bail out. */
  readonly faults: readonly string[];
}

interface Level {
  readonly indent: number;
  planned: number | null;
  /** The reason of a plan for no tests. */
  skipReason: string | null;
  readonly tests: KtapTest[];
  diagnostics: string[];
}

const versionLine = /^K?TAP version \d+$/;
const planLine = /^1\.\.(\d+)(?:\s+#\s*(?:SKIP\b)?\s*(.*))?$/i;
const resultLine = /^(not )?ok(?=\s|$)(?:\s+(\d+))?(?:\s+(?:-\s+)?(.*))?$/;
const indented = /^((?:# |\s)+)((?:not )?ok \d+\b.*|1\.\.\d+.*|K?TAP version \d+\s*)$/;
const directive = /(?:^|\s)#\s*(SKIP|TODO|XFAIL|XPASS|TIMEOUT|ERROR)\b:?\s*(.*)$/i;

/** Whether the text is a report at all; else the program's exit code alone decides. */
export function isKtap(output: string): boolean {
  return output.split('\n').some((line) => versionLine.test(line.trim()));
}

export function parseKtap(output: string): KtapReport {
  const parser = new KtapParser();
  output.split('\n').forEach((line) => parser.read(line.trimEnd()));
  return parser.finish();
}

class KtapParser {
  private readonly faults: string[] = [];
  private readonly root = newLevel(0);
  private readonly inner: Level[] = [];

  read(line: string): void {
    const [, prefix = '', text = line] = indented.exec(line) ?? [];
    if (/^Bail out!/i.test(text)) this.faults.push(text);
    const plan = planLine.exec(text);
    const result = plan === null ? resultLine.exec(text) : null;
    if (plan === null && result === null && !versionLine.test(text)) {
      if (text !== '') this.top.diagnostics.push(text.replace(/^# ?/, ''));
      return;
    }
    const subtests = this.leave(prefix.length);
    if (prefix.length > this.top.indent) this.inner.push(newLevel(prefix.length));
    if (result !== null) {
      this.addResult(result, subtests);
      return;
    }
    this.adopt(subtests);
    if (plan !== null) {
      this.top.planned = Number(plan[1]);
      this.top.skipReason = plan[2] ?? '';
    }
  }

  finish(): KtapReport {
    this.adopt(this.leave(0));
    this.checkPlan(this.root);
    return { tests: this.root.tests, faults: this.faults };
  }

  private get top(): Level {
    return this.inner.at(-1) ?? this.root;
  }

  /** Ends the levels that are further in, and answers their tests. */
  private leave(indent: number): readonly KtapTest[] {
    const tests: KtapTest[] = [];
    while (this.top.indent > indent) {
      const level = this.inner.pop() ?? this.root;
      this.checkPlan(level);
      tests.unshift(...level.tests);
    }
    return tests;
  }

  /** Subtests that no result sums up: their program ended early. */
  private adopt(subtests: readonly KtapTest[]): void {
    if (subtests.length === 0) return;
    this.faults.push(`no result sums up the ${subtests.length} subtests from '${subtests[0]?.name ?? ''}' on`);
    this.top.tests.push(...subtests);
  }

  private addResult([line, not, number = '', rest = '']: RegExpExecArray, subtests: readonly KtapTest[]): void {
    const { tests, diagnostics } = this.top;
    const due = tests.length + 1;
    if (number !== '' && Number(number) !== due) {
      this.faults.push(`'${line}' has the number ${number} where ${due} was due`);
    }
    const test = describeResult(not !== undefined, rest, diagnostics, subtests);
    tests.push(test.name === '' ? { ...test, name: `test ${due}` } : test);
    this.top.diagnostics = [];
  }

  private checkPlan({ planned, skipReason, tests }: Level): void {
    if (planned === null) {
      if (tests.length > 0) this.faults.push(`there is no plan for ${tests.length} tests`);
    } else if (planned === 0 && tests.length === 0) {
      tests.push({ name: 'everything', outcome: 'skipped', message: skipReason ?? '', subtests: [] });
    } else if (planned !== tests.length) {
      this.faults.push(`${planned} tests were planned, and ${tests.length} have a result`);
    }
  }
}

const newLevel = (indent: number): Level => ({ indent, planned: null, skipReason: null, tests: [], diagnostics: [] });

function describeResult(
  failed: boolean,
  description: string,
  diagnostics: readonly string[],
  subtests: readonly KtapTest[],
): KtapTest {
  const [whole = '', word = '', reason = ''] = directive.exec(description) ?? [];
  const name = description.slice(0, description.length - whole.length).trim();
  // What a test expects to fail (TODO, XFAIL) says nothing about the kernel, whichever way it ends.
  const excused = /^(SKIP|TODO|XFAIL)$/i.test(word);
  const outcome = excused ? 'skipped' : failed ? 'failed' : 'passed';
  const lines = outcome === 'failed' ? diagnostics : [];
  const message = [word === '' ? '' : `${word} ${reason}`.trim(), ...lines].filter((line) => line !== '').join('\n');
  return { name, outcome, message, subtests };
}

/** The tests that have no subtests: what is counted. */
export function leafTests(tests: readonly KtapTest[], prefix = ''): readonly KtapTest[] {
  return tests.flatMap((test) => {
    const name = prefix + test.name;
    if (test.subtests.length === 0) return [{ ...test, name }];
    const leaves = leafTests(test.subtests, `${name} > `);
    // A result that contradicts all of its subtests is a failure of its own.
    const hidden = test.outcome === 'failed' && leaves.every(({ outcome }) => outcome !== 'failed');
    return hidden ? [...leaves, { ...test, name, subtests: [] }] : leaves;
  });
}
