// SPDX-License-Identifier: MIT
import dns from 'node:dns';
import net from 'node:net';
import { closingAdvice } from '../../../lib/residuals/closing-advice';
import { findOwners, nameOwner } from '../../../lib/inventory/owners';
import { takeInventory } from '../../../lib/inventory';
import { fakeBinding, tcpSocket, udpSocket } from '../fake-binding';

/** As if its handle had this descriptor. */
function withDescriptor<Kind extends object>(object: Kind, fd: number): Kind {
  return Object.assign(object, { _handle: { fd } });
}

it('finds objects by the descriptor of their handle, and what somebody else made', () => {
  const handles = [
    withDescriptor(new net.Server(), 5),
    withDescriptor(new net.Socket(), 6),
    withDescriptor(new net.Socket(), -1),
    new net.Socket(),
    { fd: 7 },
    null,
  ];
  const owners = findOwners(fakeBinding({ handles, polled: [8] }).binding);
  expect([...owners].map(([fd, { name }]) => [fd, name])).toEqual([
    [8, 'DNS query'],
    [5, 'net.Server'],
    [6, 'net.Socket'],
  ]);
});

it('takes what is watched for somebody else for a DNS query only where a name server is asked', () => {
  const owner = { name: 'DNS query', object: null };
  const [server = ''] = dns.getServers();
  const local = server.includes('.') ? `${server}:53` : '192.0.2.1:53';
  expect([nameOwner(owner, local), nameOwner(owner, '192.0.2.1:5353'), nameOwner(owner, null)]).toEqual([
    'DNS query',
    null,
    null,
  ]);
  expect(nameOwner(undefined, local)).toBeNull();
});

it('the advice names the object, its addresses and the call; never to close a number', () => {
  const descriptors = [
    tcpSocket(5, { listening: true, local: '127.0.0.1:80', remote: null }),
    tcpSocket(6, { connected: true, local: '127.0.0.1:1', remote: '192.0.2.1:443' }),
    udpSocket(7),
  ];
  const handles = [withDescriptor(new net.Server(), 5), withDescriptor(new net.Socket(), 6)];
  const advice = takeInventory(fakeBinding({ descriptors, handles }).binding).map(closingAdvice);
  expect(advice).toEqual([
    'Call close() of the net.Server on 127.0.0.1:80 (descriptor 5) first',
    'Call destroy() of the net.Socket to 192.0.2.1:443 (descriptor 6) first',
    'Let the owner of descriptor 7 close it first, which is no object of Node.js in this thread (never fs.closeSync)',
  ]);
});
