// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { reportCoverage } from './coverage.mjs';
import { local, root, say } from './run.mjs';

/** @typedef {'PassedTests' | 'FailedTests' | 'PendingTests' | 'TodoTests' | 'RuntimeErrorTestSuites'} Count */
/** @typedef {Record<`num${Count}`, number>} JestAnswer */

/** In milliseconds. A run takes five minutes; one that is stuck must fail rather than never end. */
const longestRun = 25 * 60_000;

/**
 * Runs jest and counts its tests. A test file that cannot even be loaded counts as one failure, and
 * so does a jest that ends without an answer.
 *
 * @param {string} answerFile where jest leaves its answer
 * @param {readonly string[]} args
 * @param {{ folder?: string, childEnvironment: Record<string, string>, childNode?: string,
 *   environment?: Record<string, string>, longest?: number }} options
 */
export function countJest(answerFile, args, options) {
  const { folder = root, childEnvironment, childNode, environment = {}, longest = longestRun } = options;
  const forChildren = {
    CHILD_ENVIRONMENT: JSON.stringify(childEnvironment),
    ...(childNode === undefined ? {} : { CHILD_NODE: childNode }),
  };
  const run = spawnSync(local('jest'), [...args, '--ci', '--json', `--outputFile=${answerFile}`], {
    cwd: folder,
    env: { ...process.env, ...forChildren, ...environment },
    ...(Number.isFinite(longest) ? { timeout: longest } : {}),
    killSignal: 'SIGKILL',
    // Its answer is in the file; what it prints for people goes to the standard error.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (run.error !== undefined) say(`jest did not end well: ${run.error.message}`);
  if (!existsSync(answerFile)) return { passed: 0, failed: 1, skipped: 0 };
  const answer = /** @type {JestAnswer} */ (JSON.parse(readFileSync(answerFile, 'utf8')));
  const failed = answer.numFailedTests + answer.numRuntimeErrorTestSuites;
  return {
    passed: answer.numPassedTests,
    failed: run.status === 0 ? failed : Math.max(failed, 1),
    skipped: answer.numPendingTests + answer.numTodoTests,
  };
}

const stressTests = String.raw`\.stress\.test\.ts$`;

/** @param {string} results */
export function runStress(results) {
  const args = ['--selectProjects', 'process', '--testPathPatterns', stressTests];
  return countJest(path.join(results, 'stress.json'), args, { childEnvironment: {} });
}

/**
 * The escape corpus on this kernel; `npm run test:corpus` has the others.
 *
 * @param {string} results
 */
export function runEscapes(results) {
  return countJest(path.join(results, 'escapes.json'), ['--selectProjects', 'corpus'], { childEnvironment: {} });
}

/** @param {string} results */
export function runFuzz(results) {
  return countJest(path.join(results, 'fuzz.json'), ['--selectProjects', 'fuzz'], { childEnvironment: {} });
}

/** @param {string} results */
export async function runJest(results) {
  const children = path.join(results, 'children');
  mkdirSync(children);
  chmodSync(children, 0o1777); // Some children run as another user.
  const args = ['--coverage', '--ignoreProjects', 'corpus', 'fuzz', '--testPathIgnorePatterns', stressTests];
  const answer = countJest(path.join(results, 'jest.json'), args, {
    childEnvironment: { NODE_V8_COVERAGE: children },
  });
  await reportCoverage(path.join(results, 'coverage/coverage-final.json'), children);
  return answer;
}
