// SPDX-License-Identifier: MIT
// The environment of the tests is Node's; only what they spawn is also handed the variables below,
// and started with the Node below: set for all of jest, both would measure and slow down jest itself.
'use strict';

const { TestEnvironment } = require('jest-environment-node');

Object.assign(process.env, JSON.parse(process.env['CHILD_ENVIRONMENT'] ?? '{}'));

module.exports = class extends TestEnvironment {
  /** @param {ConstructorParameters<typeof TestEnvironment>} all */
  constructor(...all) {
    super(...all);
    const node = process.env['CHILD_NODE'];
    if (node !== undefined) this.global.process.execPath = node;
  }

  /**
   * On a machine that is emulated everything takes longer, and so may it.
   *
   * @param {import('@jest/types').Circus.AsyncEvent | import('@jest/types').Circus.SyncEvent} event
   * @param {import('@jest/types').Circus.State} state
   */
  handleTestEvent({ name }, state) {
    if (name === 'run_start') state.testTimeout *= Number(process.env['TEST_TIME_FACTOR'] ?? 1);
  }
};
