// SPDX-License-Identifier: MIT
import { remedyFor } from '../../../lib/residuals/descriptor';
import type { Descriptor } from '../../../lib/types';

const descriptor: Descriptor = {
  fd: 7,
  kind: 'packet',
  link: 'socket:[9]',
  family: 'AF_PACKET',
  type: null,
  protocol: null,
  state: null,
  local: null,
  remote: null,
  networkNamespace: null,
  broker: null,
  owner: null,
  closable: true,
};

it.each<[string, Partial<Descriptor>, string]>([
  [
    'what can be closed',
    {},
    "Let the owner of descriptor 7 close it first, which is no object of Node.js in this thread (never fs.closeSync), pass residuals: 'close',",
  ],
  ['a socket with a mapped ring', { closable: false }, 'Close descriptor 7 and unmap its memory,'],
  ['what is only mapped', { closable: false, fd: -1 }, 'Close socket:[9] and unmap its memory,'],
  ['a mapped io_uring', { closable: false, kind: 'io-uring' }, 'End the ring behind descriptor 7 and unmap it (for'],
])('the remedy for %s says how to end it', (_, more, text) => {
  const remedy = remedyFor({ ...descriptor, ...more }, 'packet-socket');
  expect(remedy.startsWith(text)).toBe(true);
  expect(remedy).toMatch(/, or accept it with residuals: \['packet-socket'\]\.$/);
});
