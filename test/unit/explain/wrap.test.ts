// SPDX-License-Identifier: MIT
import { promisify } from 'node:util';
import { replace, watchErrors, watchReceiver, type Watcher } from '../../../lib/explain/wrap';

const failure = new Error('failure');

/** Takes its time over errors that can wait. */
function watching(): { seen: unknown[]; watcher: Watcher } {
  const seen: unknown[] = [];
  const look = (error: unknown): void => void seen.push(error);
  const lookThen = (error: unknown, proceed: () => void): void => {
    setImmediate(() => {
      look(error);
      proceed();
    });
  };
  return { seen, watcher: { look, lookThen } };
}

describe('watchErrors', () => {
  it('keeps the name, the length and what the function carries', async () => {
    function original(first: string, second: string): string {
      return first + second;
    }
    const custom = () => Promise.resolve('custom');
    const watched = watchErrors(Object.assign(original, { [promisify.custom]: custom, key: 1 }), watching().watcher);
    expect([watched.name, watched.length, watched.key, watched('a', 'b')]).toEqual(['original', 2, 1, 'ab']);
    expect(await promisify(watched)()).toBe('custom');
  });

  it('sees what the callback gets, before the callback does', async () => {
    const { seen, watcher } = watching();
    const receiver = {};
    const calls: unknown[] = [];
    const watched = watchErrors(function (this: unknown, ...args: unknown[]) {
      calls.push([this, args.length, args[0]]);
      (args.at(-1) as (...results: unknown[]) => void).call(receiver, failure, 'more');
      return 'answer';
    }, watcher);
    const result = await new Promise((resolve) => {
      const answer = watched.call(receiver, 'name', function (this: unknown, ...results: unknown[]) {
        calls.push([this, results, [...seen]]);
        resolve(answer);
      });
    });
    expect(calls).toEqual([
      [receiver, 2, 'name'],
      [receiver, [failure, 'more'], [failure]],
    ]);
    expect(result).toBe('answer');
  });

  it('does not make the callback wait when there is no error', () => {
    const { seen, watcher } = watching();
    const results: unknown[] = [];
    watchErrors((callback: (...given: unknown[]) => void) => {
      callback(null, 'value');
    }, watcher)((...given) => results.push(given));
    expect([results, seen]).toEqual([[[null, 'value']], []]);
  });

  it('sees what is thrown, and it is thrown', () => {
    const { seen, watcher } = watching();
    const watched = watchErrors(() => {
      throw failure;
    }, watcher);
    expect(watched).toThrow(failure);
    expect(seen).toEqual([failure]);
  });

  it('sees what is rejected, and it is rejected', async () => {
    const { seen, watcher } = watching();
    await expect(watchErrors(() => Promise.reject(failure), watcher)()).rejects.toBe(failure);
    expect(await watchErrors(() => Promise.resolve('fine'), watcher)()).toBe('fine');
    expect(seen).toEqual([failure]);
  });
});

it('watchReceiver sees what a method is called on, first', () => {
  const order: unknown[] = [];
  const owner = {
    method: watchReceiver(
      (...args: unknown[]) => order.push(args),
      (receiver) => order.push(receiver),
    ),
  };
  owner.method(1, 2);
  expect(order).toEqual([owner, [1, 2]]);
});

describe('replace', () => {
  it('keeps how the property was defined', () => {
    const owner = Object.defineProperty({}, 'method', { value: () => 1, writable: true, configurable: false });
    replace(owner, 'method', () => () => 2);
    expect(Object.getOwnPropertyDescriptor(owner, 'method')).toMatchObject({ enumerable: false, writable: true });
    expect((owner as { method: () => number }).method()).toBe(2);
  });

  it('leaves alone what is missing, inherited, no function or not to be changed', () => {
    const owner = Object.freeze({ value: 1, method: () => 1 });
    for (const name of ['missing', 'toString', 'value', 'method']) replace(owner, name, () => () => 2);
    expect([Object.keys(owner), owner.value, owner.method()]).toEqual([['value', 'method'], 1, 1]);
  });
});
