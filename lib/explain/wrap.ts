// SPDX-License-Identifier: MIT
// Functions that go on as they were, but let someone look at each error on its way. A proxy keeps
// the name, the length, what promisify() looks for and whatever else a function carries.

type Callable = (...args: never[]) => unknown;

export interface Watcher {
  /** For an error that does not wait: it is being thrown, or emitted. */
  readonly look: (error: unknown) => void;
  /** For an error that waits until `proceed` is called, now or later. */
  readonly lookThen: (error: unknown, proceed: () => void) => void;
}

/** Shows what is thrown, rejected or handed to a callback as its first argument. */
export function watchErrors<Original extends Callable>(original: Original, watcher: Watcher): Original {
  return new Proxy(original, {
    apply: (target, self: unknown, args: unknown[]) => {
      try {
        const result = Reflect.apply(target as () => unknown, self, watchCallback(args, watcher) as []);
        return watchRejection(result, watcher);
      } catch (error) {
        watcher.look(error);
        throw error;
      }
    },
  });
}

/** Shows what each call is made on, before the call. */
export function watchReceiver<Original extends Callable>(
  original: Original,
  look: (receiver: unknown) => void,
): Original {
  return new Proxy(original, {
    apply: (target, self: unknown, args: unknown[]) => {
      look(self);
      return Reflect.apply(target as () => unknown, self, args as []);
    },
  });
}

/** Node's callback is the last function among the arguments. */
function watchCallback(args: unknown[], watcher: Watcher): unknown[] {
  const index = args.findLastIndex((argument) => typeof argument === 'function');
  if (index === -1) return args;
  const callback = args[index] as () => unknown;
  const watched = function (this: unknown, ...results: unknown[]): void {
    const proceed = (): unknown => Reflect.apply(callback, this, results as []);
    if (results[0] instanceof Error) watcher.lookThen(results[0], proceed);
    else proceed();
  };
  return args.with(index, watched);
}

/** The caller gets the promise that follows, so that a rejection nobody handles stays one. */
function watchRejection(result: unknown, watcher: Watcher): unknown {
  if (!(result instanceof Promise)) return result;
  return result.then(undefined, async (error: unknown) => {
    await new Promise<void>((resolve) => {
      watcher.lookThen(error, resolve);
    });
    throw error;
  });
}

/** Puts a function in the place of one that an object has itself; does nothing where it cannot. */
export function replace(target: object, name: string, wrap: (original: Callable) => Callable): void {
  const descriptor = Reflect.getOwnPropertyDescriptor(target, name);
  const original: unknown = descriptor?.value;
  if (typeof original !== 'function') return;
  Reflect.defineProperty(target, name, { ...descriptor, value: wrap(original as Callable) });
}
