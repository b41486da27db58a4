// SPDX-License-Identifier: MIT
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { reportCoverage } from './coverage.mjs';
import { readReport } from './report.mjs';
import { fail, local, root, say } from './run.mjs';

/** In milliseconds. A run takes five minutes; one that is stuck must fail rather than never end. */
const longestRun = 25 * 60_000;

/**
 * Runs jest and reads its report.
 *
 * @param {string} report where jest leaves it
 * @param {readonly string[]} args
 * @param {{ folder?: string, childEnvironment: Record<string, string>, childNode?: string,
 *   environment?: Record<string, string>, longest?: number }} options
 */
export function runJest(report, args, options) {
  const { folder = root, childEnvironment, childNode, environment = {}, longest = longestRun } = options;
  const forChildren = {
    CHILD_ENVIRONMENT: JSON.stringify(childEnvironment),
    ...(childNode === undefined ? {} : { CHILD_NODE: childNode }),
  };
  const run = spawnSync(local('jest'), [...args, '--ci', '--json', `--outputFile=${report}`], {
    cwd: folder,
    env: { ...process.env, ...forChildren, ...environment },
    ...(Number.isFinite(longest) ? { timeout: longest } : {}),
    killSignal: 'SIGKILL',
    // Its answer is in the file; what it prints for people goes to the standard error.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (run.error !== undefined) say(`jest did not end well: ${run.error.message}`);
  return readReport(report, run.status);
}

const stressTests = String.raw`\.stress\.test\.ts$`;

/** @param {string} results */
export function runStress(results) {
  const args = ['--selectProjects', 'process', '--testPathPatterns', stressTests];
  return runJest(path.join(results, 'stress.json'), args, { childEnvironment: {} });
}

/**
 * Drops in turbulent processes, on every Node that the package promises to work on: `npm test -- drops 2000`.
 *
 * @param {string} results
 * @param {readonly string[]} args
 */
export function runDrops(results, [count = '2000']) {
  if (!/^[1-9]\d*$/.test(count)) fail('usage: npm test -- drops [COUNT]');
  const args = ['--selectProjects', 'process', '--testPathPatterns', 'turbulent-drops'];
  const environment = { TEST_DROPS: count };
  return runJest(path.join(results, 'drops.json'), args, { childEnvironment: {}, environment, longest: Infinity });
}

/**
 * The corpus on this kernel, several rows in a process. `npm test -- guarantees` has the other
 * kernels, and gives each row of this one a process of its own.
 *
 * @param {string} results
 */
export function runCorpus(results) {
  return runJest(path.join(results, 'corpus.json'), ['--selectProjects', 'corpus'], {
    childEnvironment: {},
    environment: { TEST_TOGETHER: '1' },
  });
}

/**
 * All that has no stage of its own.
 *
 * @param {string} results
 */
export async function runMost(results) {
  const children = path.join(results, 'children');
  mkdirSync(children);
  chmodSync(children, 0o1777); // Some children run as another user.
  const args = ['--coverage', '--ignoreProjects', 'corpus', 'fuzz', '--testPathIgnorePatterns', stressTests];
  const answer = runJest(path.join(results, 'jest.json'), args, {
    childEnvironment: { NODE_V8_COVERAGE: children },
  });
  await reportCoverage(path.join(results, 'coverage/coverage-final.json'), children);
  return answer;
}
