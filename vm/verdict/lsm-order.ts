// SPDX-License-Identifier: MIT
// The kernel ignores a wrong name in `lsm=` without a word, and puts some modules where it wants.

/** Modules that the kernel adds or moves by itself: capability and lockdown to the front, ima and evm to the end. */
const placedByKernel = new Set(['capability', 'lockdown', 'ima', 'evm']);

/**
 * What is wrong with the order in force; null when nothing is.
 *
 * @param actual content of /sys/kernel/security/lsm
 * @param wanted the exact order; null for any
 * @param required a module that must be there
 */
export function checkOrder(
  actual: string | null,
  wanted: readonly string[] | null,
  required: string | null,
): string | null {
  if (actual === null || actual === '') {
    return wanted === null && required === null
      ? null
      : '/sys/kernel/security/lsm cannot be read: is CONFIG_SECURITYFS set?';
  }
  const present = actual.trim().split(',');
  if (required !== null && !present.includes(required)) {
    return `${required} is not among the security modules in force: ${present.join(',')}`;
  }
  if (wanted === null) return null;
  const missing = wanted.find((name) => !present.includes(name));
  if (missing !== undefined) return `${missing} is not among the security modules in force: ${present.join(',')}`;
  const free = (names: readonly string[]): string => names.filter((name) => !placedByKernel.has(name)).join(',');
  return free(present) === free(wanted) ? null : `the order is ${present.join(',')}, not ${wanted.join(',')}`;
}
