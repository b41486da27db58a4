// SPDX-License-Identifier: MIT
// One answer from all that is known of a run: tests, their programs, the kernel's log, the machine.
import type { GuestReport, ProgramRun } from '../guest/frames';
import type { MachineEnd } from '../guest/machine';
import { isKtap, leafTests, parseKtap, type Outcome } from './ktap';
import type { LogFault } from '../guest/log-scan';
import { checkOrder } from './lsm-order';

export interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly message: string;
}

export interface Suite {
  readonly name: string;
  readonly seconds: number;
  readonly cases: readonly TestCase[];
  readonly output: string;
}

export interface Expectations {
  /** Names of the programs that must run. */
  readonly programs: readonly string[];
  /** The wanted order of security modules; null when none is asked for. */
  readonly lsm: readonly string[] | null;
  /** A module that must be in the order, wherever. */
  readonly requiredLsm: string | null;
}

const skipExitCode = 4; // KSFT_SKIP in the kernel's kselftest.h

/** The suites of a run; the last one stands for the machine, and fails for whatever no test shows. */
export function judgeRun(
  report: GuestReport,
  faults: readonly LogFault[],
  end: MachineEnd,
  expected: Expectations,
): readonly Suite[] {
  const suites = expected.programs.map((name) => {
    const program = report.programs.find((candidate) => candidate.name === name);
    return judgeProgram(
      name,
      program,
      faults.filter((fault) => fault.test === name),
    );
  });
  return [
    ...suites,
    judgeMachine(
      report,
      faults.filter(({ test }) => test === null),
      end,
      expected,
    ),
  ];
}

function judgeProgram(name: string, program: ProgramRun | undefined, faults: readonly LogFault[]): Suite {
  const failure = (caseName: string, message: string): TestCase => ({
    suite: name,
    name: caseName,
    outcome: 'failed',
    message,
  });
  const fromLog = faults.map(({ kind, line }) => failure(`kernel log: ${kind}`, line));
  if (program === undefined) return { name, seconds: 0, cases: [failure('runs', 'it was never started')], output: '' };
  const cases = [...judgeOutput(program, failure), ...fromLog];
  return { name, seconds: program.seconds, cases, output: program.output };
}

function judgeOutput(
  { name, output, exitCode, timedOut, seconds }: ProgramRun,
  failure: (name: string, message: string) => TestCase,
): readonly TestCase[] {
  const report = isKtap(output) ? parseKtap(output) : null;
  const cases: TestCase[] = leafTests(report?.tests ?? []).map((test) => ({
    suite: name,
    name: test.name,
    outcome: test.outcome,
    message: test.message,
  }));
  if (exitCode === null) return [...cases, failure('ends', 'the machine ended while it ran')];
  if (timedOut)
    return [...cases, failure('ends', `it was still running after ${Math.round(seconds)} s and was killed`)];
  if (report === null) {
    const outcome = exitCode === 0 ? 'passed' : exitCode === skipExitCode ? 'skipped' : 'failed';
    return [{ suite: name, name: 'exit code', outcome, message: outcome === 'passed' ? '' : `exit code ${exitCode}` }];
  }
  const faults = report.faults.map((fault) => failure('report', fault));
  const silent = exitCode !== 0 && exitCode !== skipExitCode && !cases.some(({ outcome }) => outcome === 'failed');
  const empty = cases.length === 0;
  return [
    ...cases,
    ...faults,
    ...(silent ? [failure('exit code', `exit code ${exitCode}, and no test that failed`)] : []),
    ...(empty ? [failure('report', 'it has no test')] : []),
  ];
}

function judgeMachine(
  report: GuestReport,
  faults: readonly LogFault[],
  end: MachineEnd,
  expected: Expectations,
): Suite {
  const name = 'machine';
  const verdict = (caseName: string, problem: string | null): TestCase => ({
    suite: name,
    name: caseName,
    outcome: problem === null ? 'passed' : 'failed',
    message: problem ?? '',
  });
  const order = report.ready ? checkOrder(report.lsm, expected.lsm, expected.requiredLsm) : null;
  const cases = [
    verdict('boots', describeBoot(report, end)),
    verdict('security modules', order),
    verdict('runs to the end', describeEnd(report, end)),
    ...faults.map(({ kind, line }) => verdict(`kernel log: ${kind}`, line)),
  ];
  return { name, seconds: 0, cases, output: '' };
}

function describeBoot({ ready, fatal }: GuestReport, end: MachineEnd): string | null {
  if (ready) return null;
  if (fatal !== null) return `the guest's first process gave up: ${fatal}`;
  if (end !== 'off') {
    return (
      'the boot hangs: the guest said nothing on the success channel within the time limit. ' +
      "The end of the kernel's log shows how far it came; --keep leaves all of it."
    );
  }
  return 'the machine ended before the guest said anything on the success channel';
}

function describeEnd({ done, fatal }: GuestReport, end: MachineEnd): string | null {
  if (done && end === 'off') return null;
  if (fatal !== null) return fatal;
  if (end !== 'off') return 'the time limit ended the machine';
  return 'the machine ended before the guest said that it was done';
}

/** How many tests have each outcome. */
export function countOutcomes(suites: readonly Suite[]): Readonly<Record<Outcome, number>> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { outcome } of suites.flatMap(({ cases }) => cases)) counts[outcome] += 1;
  return counts;
}
