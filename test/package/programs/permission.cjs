// SPDX-License-Identifier: MIT
// Importing never throws; the first call says what is missing.
'use strict';

const { isNetworkDisabled } = require('disablenetwork');

let result;
try {
  result = { disabled: isNetworkDisabled() };
} catch (thrown) {
  const error = /** @type {import('disablenetwork').DisableNetworkError & { cause: { code: string } }} */ (thrown);
  const flag = error.cause.code === 'ERR_DLOPEN_DISABLED' ? '--allow-addons' : '--allow-fs-read=';
  result = { code: error.code, cause: error.cause.code, namesFlag: error.message.includes(flag) };
}
process.stdout.write(`${JSON.stringify(result)}\n`);
