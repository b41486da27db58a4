// SPDX-License-Identifier: MIT

/** How much longer than on real processors things may take: TEST_TIME_FACTOR, also in ../environment.js. */
export const timeFactor = Number(process.env['TEST_TIME_FACTOR'] ?? 1);
