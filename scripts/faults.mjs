// SPDX-License-Identifier: MIT
// `node scripts/faults.mjs --all`: makes each system call of a drop fail, and lets threads disturb it. The
// harness is TypeScript, so that it shares its parts with the tests; its README says what there is to choose.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './run.mjs';
import { setUp } from './setup.mjs';

setUp('test');
const require = createRequire(import.meta.url);
/** @type {typeof import('../test/transpile.js')} */
const { transpile } = require('../test/transpile.js');

/**
 * @param {{ _compile(code: string, file: string): void }} module
 * @param {string} file
 */
function loadTypeScript(module, file) {
  module._compile(transpile(readFileSync(file, 'utf8'), file).code, file);
}

/** @type {{ _extensions: Record<string, typeof loadTypeScript> }} */
const loader = require('node:module');
loader._extensions['.ts'] = loadTypeScript;
require(path.join(root, 'test/faults/main.ts'));
