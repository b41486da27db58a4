// SPDX-License-Identifier: MIT
// What test runs came to, read from the reports that they leave: jest's JSON, or JUnit's XML of
// disablenetwork-vm.
import { existsSync, readFileSync } from 'node:fs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ numRuntimeErrorTestSuites: number,
 *   testResults: { assertionResults: { status: string, fullName: string }[] }[] }} JestReport
 * @typedef {Counts & { names: string[] }} Report with the full names of the tests that passed
 */

/**
 * A run that ends without a report, or that fails though its report does not, is one failure.
 *
 * @param {string} file
 * @param {number | null} status how the run ended
 * @returns {Report}
 */
export function readReport(file, status) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, names: [] };
  const text = readFileSync(file, 'utf8');
  const report = file.endsWith('.json') ? ofJest(/** @type {JestReport} */ (JSON.parse(text))) : ofJunit(text);
  return status === 0 ? report : { ...report, failed: Math.max(report.failed, 1) };
}

/**
 * A test file that cannot even be loaded counts as one failure.
 *
 * @param {JestReport} report
 */
function ofJest({ numRuntimeErrorTestSuites, testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const names = tests.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName);
  const failed = tests.filter(({ status }) => status === 'failed').length;
  const skipped = tests.length - names.length - failed;
  return { passed: names.length, failed: failed + numRuntimeErrorTestSuites, skipped, names };
}

/** @param {string} text */
function ofJunit(text) {
  const tests = [...text.matchAll(/<testcase classname="[^"]*" name="([^"]*)"(?:\/>|><(failure|skipped) )/g)];
  const names = tests.filter(([, , end]) => end === undefined).map(([, name = '']) => unescape(name));
  const failed = tests.filter(([, , end]) => end === 'failure').length;
  return { passed: names.length, failed, skipped: tests.length - names.length - failed, names };
}

/** @type {Readonly<Record<string, string>>} */
const characters = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };

/** @param {string} text */
const unescape = (text) => text.replace(/&\w+;/g, (entity) => characters[entity] ?? entity);

/** @param {readonly (Omit<Counts, 'skipped'> & Partial<Counts>)[]} all */
export function sum(all) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped = 0 } of all) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/** @param {Counts} counts */
export const describeCounts = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
