// SPDX-License-Identifier: MIT
import { explain } from '../../../lib/explain/explain';
import { isNetworkDisabledError } from '../../../lib/index';
import { lookupError, plainPolicy, systemError } from './errors';

const explained = <Value>(error: Value): Value => {
  explain(error, plainPolicy);
  return error;
};
const sentence = (call: string) => `This process disabled its network (disablenetwork), so ${call}.`;
/** What a listing of the error shows. */
const listed = (error: Error): object => Object.fromEntries(Object.entries(error));
const refused = () => systemError('EPERM', 'connect', { address: '192.0.2.1', port: 443 });

describe('an error of ours', () => {
  it('says in one sentence what happened, and keeps what the system said', () => {
    expect(listed(explained(refused()))).toEqual({
      errno: -1,
      code: 'ERR_DISABLENETWORK_DENIED',
      syscall: 'connect',
      address: '192.0.2.1',
      port: 443,
      systemCode: 'EPERM',
      permission: 'Net',
      resource: '192.0.2.1:443',
    });
    expect(explained(refused()).message).toBe(sentence('connect 192.0.2.1:443 was refused (EPERM)'));
  });

  it('has the sentence in its stack, over the same frames', () => {
    const error = refused();
    const frames = error.stack?.split('\n').slice(1);
    explained(error);
    const [header, ...others] = error.stack?.split('\n') ?? [];
    expect(header).toBe(`Error [ERR_DISABLENETWORK_DENIED]: ${error.message}`);
    expect([others.length > 0, others]).toEqual([true, frames]);
    expect(Object.keys(error)).not.toContain('stack');
  });

  it('is the same when it passes by again', () => {
    const error = explained(refused());
    const before = [error.message, error.stack, listed(error)];
    explained(error);
    expect([error.message, error.stack, listed(error)]).toEqual(before);
  });

  it.each([
    [
      systemError('EPERM', 'connect', { address: '2001:db8::1', port: 443 }),
      'connect [2001:db8::1]:443 was refused (EPERM)',
    ],
    [systemError('EPERM', 'listen', { address: '0.0.0.0' }), 'listen 0.0.0.0 was refused (EPERM)'],
    [lookupError('EAI_AGAIN', 'getaddrinfo', 'example.org'), 'getaddrinfo example.org was refused (EAI_AGAIN)'],
    [
      Object.assign(new Error(), { code: 'ERR_SYSTEM_ERROR', errno: 1, syscall: 'uv_interface_addresses' }),
      'uv_interface_addresses was refused (EPERM)',
    ],
    [systemError('EPERM', 'addMembership'), 'addMembership was refused (EPERM)'],
  ])('names what was refused: %s', (error, call) => {
    expect(explained(error).message).toBe(sentence(call));
  });

  it('may be made of several', () => {
    const second = systemError('EPERM', 'connect', { address: '2001:db8::1', port: 443 });
    const error = Object.assign(new AggregateError([refused(), second]), { code: 'EPERM' });
    explained(error);
    expect(error.message).toBe(sentence('connect 192.0.2.1:443, [2001:db8::1]:443 was refused (EPERM)'));
    expect(error.errors.map(({ code }: { code?: string }) => code)).toEqual([error.code, error.code]);
    expect([Object.keys(error).includes('message'), error.code]).toEqual([false, 'ERR_DISABLENETWORK_DENIED']);
  });
});

describe('what stays as it is', () => {
  it('is an ordinary error, to the byte', () => {
    const error = systemError('ECONNREFUSED', 'connect', { address: '192.0.2.1', port: 443 });
    const before = Object.getOwnPropertyDescriptors(error);
    expect(Object.getOwnPropertyDescriptors(explained(error))).toEqual(before);
  });

  it('is the whole when a part is ordinary', () => {
    const ordinary = systemError('ETIMEDOUT', 'connect', { address: '192.0.2.2', port: 443 });
    const error = explained(Object.assign(new AggregateError([refused(), ordinary]), { code: 'EPERM' }));
    expect([error.code, error.message]).toEqual(['EPERM', '']);
    expect(error.errors.map(({ code }: { code?: string }) => code)).toEqual(['ERR_DISABLENETWORK_DENIED', 'ETIMEDOUT']);
    expect(isNetworkDisabledError(error)).toBe(true);
  });

  it('is what is no error, frozen, or throws when it is looked at', () => {
    const throwing = Object.defineProperty(new Error('own'), 'code', {
      get: () => {
        throw new Error('no');
      },
    });
    for (const value of [undefined, null, 'EPERM', 1, listed(refused()), throwing]) {
      expect(() => explained(value)).not.toThrow();
    }
    const frozen = Object.freeze(refused());
    expect(explained(frozen).message).toBe('connect EPERM 192.0.2.1:443');
  });
});

describe('isNetworkDisabledError', () => {
  it('finds the error itself, as a cause and as a part', () => {
    const error = explained(refused());
    expect(isNetworkDisabledError(error)).toBe(true);
    expect(isNetworkDisabledError(new TypeError('fetch failed', { cause: error }))).toBe(true);
    expect(isNetworkDisabledError(new AggregateError([new Error('other', { cause: error })]))).toBe(true);
  });

  it.each([[undefined], [null], ['ERR_DISABLENETWORK_DENIED'], [{}], [refused()], [new AggregateError([refused()])]])(
    'is false for %p',
    (error) => {
      expect(isNetworkDisabledError(error)).toBe(false);
    },
  );

  it('ends where causes form a circle', () => {
    const first = new Error('first');
    const second = new AggregateError([first], 'second', { cause: first });
    first.cause = second;
    expect(isNetworkDisabledError(first)).toBe(false);
  });
});
