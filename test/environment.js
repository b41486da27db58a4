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
};
