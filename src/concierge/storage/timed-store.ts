/** Told about each question to the storage: what was asked, for how many milliseconds, and whether it failed. */
export type Timed = (operation: string, durationMs: number, failed: boolean) => void;

type Call = (...words: unknown[]) => unknown;

/**
 * The same store, with each of its questions timed under the method's name. Whatever methods a store
 * has or will have are timed; `close` is not a question. An answer that comes piece by piece takes until
 * its last piece, or until nobody wants more.
 */
export function timedStore<S extends object>(store: S, timed: Timed): S {
  const wrapped = new Map<PropertyKey, Call>();
  return new Proxy(store, {
    get(target, name) {
      const known = wrapped.get(name);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || typeof name === 'symbol') return value;
      const method: Call = (...words) => Reflect.apply(value, target, words);
      const call = name === 'close' ? method : clocked(name, method, timed);
      wrapped.set(name, call);
      return call;
    },
  });
}

/** What is neither a promise nor comes piece by piece passes unmeasured: it asked nobody. */
function clocked(operation: string, method: Call, timed: Timed): Call {
  return (...words) => {
    const began = performance.now();
    const tell = (failed: boolean) => timed(operation, performance.now() - began, failed);
    const result = method(...words);
    if (isPieces(result)) return clockedPieces(result, operation, timed);
    if (result instanceof Promise) {
      result.then(
        () => tell(false),
        () => tell(true),
      );
    }
    return result;
  };
}

function isPieces(result: unknown): result is AsyncIterable<unknown> {
  return typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
}

/** Asked when the first piece is wanted. */
async function* clockedPieces(
  pieces: AsyncIterable<unknown>,
  operation: string,
  timed: Timed,
): AsyncGenerator<unknown> {
  const began = performance.now();
  let failed = false;
  try {
    yield* pieces;
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    timed(operation, performance.now() - began, failed);
  }
}
