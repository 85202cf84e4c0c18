import { setMaxListeners } from 'node:events';
import { AuroraError } from './errors.ts';

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
