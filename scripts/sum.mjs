// SPDX-License-Identifier: MIT

/** @param {readonly { passed: number, failed: number, skipped?: number }[]} answers */
export function sum(answers) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped = 0 } of answers) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}
