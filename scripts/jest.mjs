// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { reportCoverage } from './coverage.mjs';
import { local, root } from './run.mjs';

/** @typedef {'PassedTests' | 'FailedTests' | 'PendingTests' | 'TodoTests' | 'RuntimeErrorTestSuites'} Count */
/** @typedef {Record<`num${Count}`, number>} JestAnswer */

/**
 * Runs jest and counts its tests. A test file that cannot even be loaded counts as one failure, and
 * so does a jest that ends without an answer.
 *
 * @param {string} answerFile where jest leaves its answer
 * @param {readonly string[]} args
 * @param {{ folder?: string, childEnvironment: Record<string, string> }} options
 */
export function countJest(answerFile, args, { folder = root, childEnvironment }) {
  const run = spawnSync(local('jest'), [...args, '--ci', '--json', `--outputFile=${answerFile}`], {
    cwd: folder,
    env: { ...process.env, CHILD_ENVIRONMENT: JSON.stringify(childEnvironment) },
    // Its answer is in the file; what it prints for people goes to the standard error.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (!existsSync(answerFile)) return { passed: 0, failed: 1, skipped: 0 };
  const answer = /** @type {JestAnswer} */ (JSON.parse(readFileSync(answerFile, 'utf8')));
  const failed = answer.numFailedTests + answer.numRuntimeErrorTestSuites;
  return {
    passed: answer.numPassedTests,
    failed: run.status === 0 ? failed : Math.max(failed, 1),
    skipped: answer.numPendingTests + answer.numTodoTests,
  };
}

/** @param {string} results */
export async function runJest(results) {
  const children = path.join(results, 'children');
  mkdirSync(children);
  chmodSync(children, 0o1777); // Some children run as another user.
  const answer = countJest(path.join(results, 'jest.json'), ['--coverage'], {
    childEnvironment: { NODE_V8_COVERAGE: children },
  });
  await reportCoverage(path.join(results, 'coverage/coverage-final.json'), children);
  return answer;
}
