import { setMaxListeners } from 'node:events';
import { AuroraError } from './errors.ts';

/**
 * The promise, or a rejection with the signal's reason as soon as it aborts: for work that may not
 * heed the signal. The work itself goes on unseen.
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return Promise.reject(signal.reason);
  }
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** A signal that aborts with the parent, or after `ms` with a SERVICE_UNREACHABLE naming `what`. */
export function withDeadline(
  parent: AbortSignal,
  ms: number,
  what: string,
): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController();
  // One deadline may stand over many requests at once.
  setMaxListeners(0, controller.signal);
  const follow = () => controller.abort(parent.reason);
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  const timer = setTimeout(() => {
    controller.abort(
      new AuroraError('SERVICE_UNREACHABLE', `no answer within ${ms} ms`, { where: what }),
    );
  }, ms);
  const done = () => {
    clearTimeout(timer);
    parent.removeEventListener('abort', follow);
  };
  return { signal: controller.signal, done };
}
