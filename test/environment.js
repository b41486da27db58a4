// SPDX-License-Identifier: MIT
// The environment of the tests is Node's; only what they spawn is also handed the variables below:
// set for all of jest, NODE_V8_COVERAGE and LD_PRELOAD would measure and slow down jest itself.
'use strict';

const { TestEnvironment } = require('jest-environment-node');

Object.assign(process.env, JSON.parse(process.env['CHILD_ENVIRONMENT'] ?? '{}'));

module.exports = TestEnvironment;
