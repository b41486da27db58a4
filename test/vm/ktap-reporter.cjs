// SPDX-License-Identifier: MIT
// jest's results as the guest's other programs report theirs: KTAP on standard output.
'use strict';

/** @implements {Pick<import('@jest/reporters').Reporter, 'onTestResult' | 'onRunComplete'>} */
class KtapReporter {
  constructor() {
    /** @type {string[]} */
    this.lines = [];
    this.count = 0;
    process.stdout.write('TAP version 13\n');
  }

  /**
   * @param {unknown} _test
   * @param {import('@jest/test-result').TestResult} result
   */
  onTestResult(_test, result) {
    const file = result.testFilePath.replace(/^.*\/test\//, '');
    if (result.testExecError !== undefined) this.add(false, `${file}: loads`, String(result.failureMessage));
    for (const { status, fullName, failureMessages } of result.testResults) {
      const skipped = status === 'pending' || status === 'todo' ? ' # SKIP by jest' : '';
      this.add(status !== 'failed', `${file}: ${fullName.replace(/#/g, '')}${skipped}`, failureMessages.join('\n'));
    }
  }

  /**
   * @param {boolean} passed
   * @param {string} name
   * @param {string} message
   */
  add(passed, name, message) {
    for (const line of passed ? [] : message.split('\n')) process.stdout.write(`# ${line}\n`);
    this.count += 1;
    process.stdout.write(`${passed ? 'ok' : 'not ok'} ${String(this.count)} ${name.replace(/\n/g, ' ')}\n`);
  }

  onRunComplete() {
    process.stdout.write(`1..${String(this.count)}\n`);
  }
}

module.exports = KtapReporter;
