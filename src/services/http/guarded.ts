import type { Dispatcher } from 'undici';
import { unlessAborted } from '../../base/deadline.ts';
import type { ChangeGuard } from './change-guard.ts';

/** Methods that change nothing on the other side. */
const readOnly: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason), { cause: reason });
}

/** Fails a request that was never sent. The handler has had no controller and cannot need one. */
function refuse(handler: Dispatcher.DispatchHandler, reason: unknown): void {
  handler.onResponseError?.(unsent, asError(reason));
}

const unsent: Dispatcher.DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  abort: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
};

function waitFor(options: Dispatcher.DispatchOptions, guard: ChangeGuard): Promise<void> {
  const { signal } = options as { readonly signal?: unknown };
  return signal instanceof AbortSignal ? unlessAborted(guard.before(), signal) : guard.before();
}

/**
 * Lets requests that change something pass only after the guard: right before each, and not sent at
 * all when the guard rejects. Requests that only read are not held up.
 */
export function guardedBy(guard: ChangeGuard): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    if (readOnly.has(options.method)) return dispatch(options, handler);
    waitFor(options, guard)
      .then(() => {
        dispatch(options, handler);
      })
      .catch((reason: unknown) => refuse(handler, reason));
    return true;
  };
}
