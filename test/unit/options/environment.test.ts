// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../../../lib/errors';
import { readRegisterOptions } from '../../../lib/options/environment';

const read = (text: string) => readRegisterOptions({ DISABLENETWORK_OPTIONS: text });

it('takes the defaults when the variable is not set', () => {
  expect(readRegisterOptions({})).toEqual({});
});

it('takes the options of the library', () => {
  expect(read('{"unixSockets":"all","residuals":["udp-socket"],"explain":false}')).toMatchObject({
    unixSockets: 'all',
    residuals: ['udp-socket'],
    explain: false,
  });
});

it.each([
  ['', /^DISABLENETWORK_OPTIONS is no JSON: write for example/],
  ['unixSockets=all', /^DISABLENETWORK_OPTIONS is no JSON: write for example/],
  ['null', /^DISABLENETWORK_OPTIONS: .*null/],
  ['[]', /^DISABLENETWORK_OPTIONS: .*an array/],
  ['"close"', /^DISABLENETWORK_OPTIONS: .*'close'/],
  ['{"unixSocket":"all"}', /^DISABLENETWORK_OPTIONS: .*'unixSocket'.*'unixSockets'/],
  ['{"residuals":"clsoe"}', /^DISABLENETWORK_OPTIONS: .*'residuals'.*'clsoe'.*'close'/],
  ['{"explain":"no"}', /^DISABLENETWORK_OPTIONS: .*'explain'/],
])('refuses %j', (text, message) => {
  let caught: unknown;
  try {
    read(text);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(DisableNetworkError);
  expect((caught as DisableNetworkError).code).toBe('ERR_DISABLENETWORK_OPTION');
  expect((caught as DisableNetworkError).message).toMatch(message);
});
