// SPDX-License-Identifier: MIT
// Runs under Node in a guest with the series: drops the network with the provider `lsm` while a TCP
// connection and a UDP socket are open, and prints the receipt and a report of what is then possible.
import { disableNetwork, kernelSupport, networkStatus } from 'disablenetwork';
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';

/** @type {{ name: string, passed: boolean, message: string }[]} */
const results = [];

/**
 * @param {string} name
 * @param {boolean} passed
 */
function check(name, passed, message = '') {
  results.push({ name, passed, message });
}

/** @param {net.Socket} socket */
async function codeOf(socket) {
  const [error] = /** @type {[NodeJS.ErrnoException]} */ (await once(socket, 'error'));
  return String(error.code);
}

/**
 * @param {dgram.Socket} socket
 * @returns {Promise<Error | null>}
 */
function sendToItself(socket) {
  return new Promise((resolve) => {
    socket.send('x', socket.address().port, '127.0.0.1', resolve);
  });
}

/**
 * @param {net.Socket} socket
 * @param {string} text
 */
async function echo(socket, text) {
  socket.write(text);
  const [data] = /** @type {[Buffer]} */ (await once(socket, 'data'));
  return String(data);
}

async function main() {
  const server = net.createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  const connection = net.connect(port, '127.0.0.1');
  await once(connection, 'connect');
  const udp = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(udp, 'listening');

  check('before: the connection echoes', (await echo(connection, 'one')) === 'one');
  const free = net.connect(port, '127.0.0.1');
  await once(free, 'connect');
  check('before: a new connection is made', true);
  const sent = await sendToItself(udp);
  check('before: a datagram is sent', sent === null, String(sent));
  check('the kernel offers lsm', kernelSupport().provider === 'lsm', JSON.stringify(kernelSupport()));

  const receipt = disableNetwork({ provider: 'lsm' });
  process.stdout.write(`${JSON.stringify(receipt, null, 2).replace(/^/gm, '# ')}\n`);
  check('the receipt says lsm', receipt.provider === 'lsm', receipt.provider);
  check('nothing had to be accepted', receipt.accepted.length === 0, JSON.stringify(receipt.accepted));
  check('the status says disabled', networkStatus().network === 'disabled');
  check('the connection still echoes', (await echo(connection, 'two')) === 'two');
  const refused = await codeOf(net.connect(port, '127.0.0.1'));
  check('a new connection is refused', /EPERM|EACCES|ERR_DISABLENETWORK_DENIED/.test(refused), refused);
  const error = await sendToItself(udp);
  check('a datagram is refused', error !== null, 'it was sent');
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
