// SPDX-License-Identifier: MIT
// For `node --import disablenetwork/register program.js`: the network is off before the program's
// first line runs, or the program does not run at all.
import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { disableNetwork } from './api/disable-network';
import { joinDropInForce } from './explain/this-thread';
import { loadBinding } from './native/load';
import { resolveOptions } from './options/resolve';
import { readRegisterOptions } from './options/environment';
import { DisableNetworkError } from './errors';

try {
  const options = readRegisterOptions(process.env);
  // A Worker inherits the command line of a process that is in the middle of its work.
  const joined = !isMainThread && joinDropInForce(loadBinding(), resolveOptions(options));
  if (!joined) disableNetwork(options);
} catch (error) {
  refuse(error);
}

// An error that is thrown here could be swallowed by an 'uncaughtException' listener of a module
// that was loaded before, and the process would end with exit code 0, or go on.
function refuse(error: unknown): never {
  const message = error instanceof DisableNetworkError ? `${error.message} (${error.code})` : String(error);
  try {
    writeSync(2, `disablenetwork/register: ${message}\n`);
  } finally {
    process.exit(1);
  }
}
