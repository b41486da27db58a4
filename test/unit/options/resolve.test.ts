// SPDX-License-Identifier: MIT
import { DisableNetworkError } from '../../../lib/errors';
import { residualIds } from '../../../lib/ids';
import { resolveOptions } from '../../../lib/options/resolve';

function messageFor(options: unknown): string {
  try {
    resolveOptions(options);
  } catch (error) {
    if (error instanceof DisableNetworkError && error.code === 'ERR_DISABLENETWORK_OPTION') return error.message;
    throw error;
  }
  throw new Error('The options were taken');
}

const defaults = { provider: 'auto', unixSockets: 'pathname', listeners: 'keep', residuals: 'throw', explain: true };

describe('options', () => {
  it('have safe defaults', () => {
    for (const options of [undefined, {}, { provider: undefined, residuals: undefined }]) {
      expect(resolveOptions(options)).toEqual(defaults);
    }
  });

  it('are taken as given', () => {
    const given = {
      provider: 'lsm',
      unixSockets: 'all',
      listeners: 'close',
      residuals: [...residualIds],
      explain: false,
    };
    expect(resolveOptions(given)).toEqual(given);
    expect(resolveOptions({ residuals: [] }).residuals).toEqual([]);
  });

  it.each([
    [null, /options must be an object, not null/],
    ['strict', /not 'strict'/],
    [[], /not an array/],
    [{ residual: 'close' }, /unknown option 'residual'.*Did you mean 'residuals'/],
    [{ unixsockets: 'all' }, /Did you mean 'unixSockets'/],
    [{ whatever: 1 }, /Use one of: provider, unixSockets, listeners, residuals, explain/],
    [{ provider: 'landlok' }, /option 'provider' cannot be 'landlok'.*Did you mean 'landlock'/],
    [{ provider: 7 }, /option 'provider' cannot be 7/],
    [{ unixSockets: null }, /option 'unixSockets' cannot be null/],
    [{ listeners: true }, /option 'listeners' cannot be true/],
    [{ residuals: ['udp-sockets'] }, /Did you mean 'udp-socket'/],
    [{ residuals: 'ignore' }, /option 'residuals' cannot be 'ignore'/],
    [{ residuals: [['udp-socket']] }, /cannot be an array/],
    [{ explain: 'yes' }, /option 'explain' must be true or false, not 'yes'/],
    [{ explain: Symbol('x') }, /Symbol\(x\)/],
  ])('refuses %p and names it', (options, message) => {
    expect(messageFor(options)).toMatch(message);
  });
});
