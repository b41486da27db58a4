// SPDX-License-Identifier: MIT
// Runs in the folder where the package was installed; the argument is the port of a server that sends
// one byte to each client. Prints what happened as JSON.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import net from 'node:net';
import process from 'node:process';
import * as everything from 'disablenetwork';
import {
  disableNetwork,
  DisableNetworkError,
  isNetworkDisabled,
  isNetworkDisabledError,
  isNoSuid,
  kernelSupport,
  networkStatus,
  planDisableNetwork,
  PR_NETWORK_OFF,
  PR_NETWORK_ON,
  prctlGetNetwork,
  prctlGetNoSuid,
  prctlSetNetwork,
  prctlSetNoSuid,
  setNoSuid,
} from 'disablenetwork';

const port = Number(process.argv[2]);

/** @returns {Promise<string>} what the server sent, or the code of the error */
function connect() {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      resolve(error.code ?? error.message);
    });
  });
}

/** @returns {string} what a child gets: the same, or the number of the exception */
function connectInPython() {
  const program = `
import socket
try: print(socket.create_connection(("127.0.0.1", ${port})).recv(1).decode())
except OSError as error: print(error.errno)`;
  return spawnSync('python3', ['-c', program], { encoding: 'utf8' }).stdout.trim();
}

const named = {
  DisableNetworkError,
  PR_NETWORK_OFF,
  PR_NETWORK_ON,
  disableNetwork,
  isNetworkDisabled,
  isNetworkDisabledError,
  isNoSuid,
  kernelSupport,
  networkStatus,
  planDisableNetwork,
  prctlGetNetwork,
  prctlGetNoSuid,
  prctlSetNetwork,
  prctlSetNoSuid,
  setNoSuid,
};
const required = /** @type {typeof everything} */ (createRequire(import.meta.url)('disablenetwork'));

const before = { here: await connect(), child: connectInPython(), disabled: isNetworkDisabled() };
// The socket of the control needs a moment to be closed for good.
await new Promise((resolve) => setTimeout(resolve, 50));
const plan = planDisableNetwork();
const receipt = disableNetwork();
const after = { here: await connect(), child: connectInPython(), disabled: isNetworkDisabled() };
const result = {
  version: process.version,
  named: Object.keys(named).sort(),
  imported: Object.keys(everything)
    .filter((name) => !['default', 'module.exports', '__esModule'].includes(name))
    .sort(),
  required: Object.keys(required).sort(),
  sameValues: Object.entries(named).every(([name, value]) =>
    Object.entries(required).some(([key, other]) => key === name && other === value),
  ),
  before,
  residuals: plan.residuals,
  provider: receipt.provider,
  threads: receipt.threads,
  after,
};
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
