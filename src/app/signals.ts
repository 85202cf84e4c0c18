import { setMaxListeners } from 'node:events';
import { AuroraError } from '../base/errors.ts';

/** How long a clean stop may take before the process ends all the same. */
const cleanStopMs = 10_000;

/**
 * Owns Ctrl-C: the first SIGINT or SIGTERM aborts the signal, so that the running command finishes
 * its journal entry and gives back its lease; a second one ends the process at once.
 */
export function ownSignals(onFirst: (name: string) => void): {
  readonly signal: AbortSignal;
  readonly dispose: () => void;
} {
  const controller = new AbortController();
  // Every request in flight listens to it.
  setMaxListeners(0, controller.signal);
  const handle = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(130);
    onFirst(name);
    controller.abort(new AuroraError('INTERRUPTED', `stopped by ${name}`));
    setTimeout(() => process.exit(130), cleanStopMs).unref();
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', handle);
      process.off('SIGTERM', handle);
    },
  };
}
