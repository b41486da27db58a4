// SPDX-License-Identifier: MIT
// TypeScript as JavaScript, for jest and for the children of the tests. Types are checked elsewhere. The
// compiler is loaded late, for that takes longer than most tests, and what it made is kept.
'use strict';

const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');

/** What decides, beside the file. */
const own = [__filename, require.resolve('typescript/package.json')].map((file) => readFileSync(file, 'utf8'));

/**
 * @param {string} text
 * @param {string} file
 */
function transpile(text, file) {
  const { ModuleKind, ScriptTarget, transpileModule } = require('typescript');
  const { outputText, sourceMapText } = transpileModule(text, {
    fileName: file,
    compilerOptions: {
      module: ModuleKind.CommonJS,
      target: ScriptTarget.ES2022,
      esModuleInterop: true,
      sourceMap: true,
    },
  });
  return { code: outputText, map: sourceMapText ?? null };
}

module.exports = {
  transpile,
  /** @type {import('@jest/transform').SyncTransformer['process']} */
  process: transpile,
  /** @type {import('@jest/transform').SyncTransformer['getCacheKey']} */
  getCacheKey: (text, file, { instrument }) =>
    createHash('sha256')
      .update([...own, file, String(instrument), text].join('\0'))
      .digest('hex'),
};
