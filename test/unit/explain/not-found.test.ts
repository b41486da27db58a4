// SPDX-License-Identifier: MIT
import { explainNotFound, type Ask } from '../../../lib/explain/not-found';
import { lookupError, plainPolicy, systemError } from './errors';

const notFound = () => lookupError('ENOTFOUND', 'getaddrinfo', 'example.org', -3008);

/** What becomes of an error, when the second question is answered with `second`. */
function explained(error: unknown, second: Error | null) {
  const asked: string[] = [];
  const ask: Ask = (hostname, answer) => {
    asked.push(hostname);
    answer(second);
  };
  let proceeded = 0;
  explainNotFound(error, plainPolicy, () => (proceeded += 1), ask);
  expect(proceeded).toBe(1);
  return { asked, error };
}

it('explains a name that was not found because nobody could be asked', () => {
  const { asked, error } = explained(notFound(), lookupError('EAI_AGAIN', 'getaddrinfo', 'example.org', -3001));
  expect(asked).toEqual(['example.org']);
  expect(error).toMatchObject({ code: 'ERR_DISABLENETWORK_DENIED', systemCode: 'ENOTFOUND', hostname: 'example.org' });
});

it.each([null, notFound()])('leaves alone a name that was not found when it answers %s again', (second) => {
  expect(explained(notFound(), second).error).toMatchObject({ code: 'ENOTFOUND', message: notFound().message });
});

it.each([
  lookupError('EAI_AGAIN', 'getaddrinfo', 'example.org', -3001),
  lookupError('ENOTFOUND', 'getaddrinfo', ''),
  lookupError('ENOTFOUND', 'queryA', 'example.org'),
  systemError('EPERM', 'connect', { address: '192.0.2.1', port: 443 }),
  undefined,
  'ENOTFOUND',
])('asks nothing about %s', (error) => {
  expect(explained(error, null).asked).toEqual([]);
});
