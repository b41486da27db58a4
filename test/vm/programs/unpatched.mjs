// SPDX-License-Identifier: MIT
// The negative control of smoke.mjs, under Node in a guest without the series, or with its module
// switched off: a drop that demands the kernel patch fails and changes nothing, and one that does not
// is made by something else.
import { PR_NETWORK_OFF, disableNetwork, kernelSupport, networkStatus, prctlSetNetwork } from 'disablenetwork';
import { readFileSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import net from 'node:net';
import { gunzipSync } from 'node:zlib';

/** @type {{ name: string, passed: boolean, message: string }[]} */
const results = [];

/**
 * @param {string} name
 * @param {boolean} passed
 */
function check(name, passed, message = '') {
  results.push({ name, passed, message });
}

/** What a drop would change in any thread, and what it could leave open. */
function picture() {
  const threads = readdirSync('/proc/self/task').map((tid) => {
    const status = readFileSync(`/proc/self/task/${tid}/status`, 'utf8');
    return status.split('\n').filter((line) => /^(NoNewPrivs|Seccomp|Seccomp_filters|Cap\w+|Sig\w+):/.test(line));
  });
  return JSON.stringify({ threads, descriptors: readdirSync('/proc/self/fd').length });
}

/** @param {() => unknown} action */
function codeOf(action) {
  try {
    action();
    return 'none';
  } catch (error) {
    return String(/** @type {NodeJS.ErrnoException} */ (error).code);
  }
}

/** Whether the module is there, but switched off. */
const hasModule = () =>
  gunzipSync(readFileSync('/proc/config.gz')).toString().includes('\nCONFIG_SECURITY_DISABLENETWORK=y\n');

/** @param {number} port */
async function connect(port) {
  const socket = net.connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return 'ok';
  } catch (error) {
    return String(/** @type {NodeJS.ErrnoException} */ (error).code);
  } finally {
    socket.destroy();
  }
}

async function main() {
  const server = net.createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  const state = codeOf(() => readFileSync('/proc/self/attr/disablenetwork/current'));
  const expected = hasModule() ? 'EINVAL' : 'ENOENT';
  check('the kernel has no state of the series', state === expected, `${state} instead of ${expected}`);
  const support = kernelSupport();
  check('the kernel does not offer lsm', support.provider !== 'lsm', JSON.stringify(support));
  check('before: a connection is made', (await connect(port)) === 'ok');

  const before = picture();
  const drop = codeOf(() => disableNetwork({ provider: 'lsm' }));
  check('a drop by lsm is not supported', drop === 'ERR_DISABLENETWORK_UNSUPPORTED', drop);
  const prctl = codeOf(() => {
    prctlSetNetwork(PR_NETWORK_OFF);
  });
  check('PR_SET_NETWORK is not supported', prctl === 'ERR_DISABLENETWORK_UNSUPPORTED', prctl);
  const after = picture();
  check('nothing has changed in any thread', before === after, `${before} became ${after}`);
  check('the status says enabled', networkStatus().network === 'enabled');
  check('after: a connection is made', (await connect(port)) === 'ok');

  // The control: what it failed for is the kernel patch, and nothing else that a drop needs.
  const { provider } = disableNetwork();
  check('a drop that demands nothing is made', provider === support.provider, provider);
  const refused = await connect(port);
  check('then a connection is refused', /^(EPERM|EACCES|ERR_DISABLENETWORK_DENIED)$/.test(refused), refused);
}

try {
  await main();
} catch (error) {
  check('the program runs to its end', false, `${String(error)} ${JSON.stringify(error)}`);
}
process.stdout.write(`TAP version 13\n1..${results.length}\n`);
results.forEach(({ name, passed, message }, index) => {
  if (!passed && message !== '') process.stdout.write(`# ${message.replace(/\n/g, ' ')}\n`);
  process.stdout.write(`${passed ? 'ok' : 'not ok'} ${index + 1} ${name}\n`);
});
process.exit(results.length >= 10 && results.every(({ passed }) => passed) ? 0 : 1);
