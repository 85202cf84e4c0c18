import { setMaxListeners } from 'node:events';
import { AuroraError } from '../base/errors.ts';

/** How long a clean stop may take before the process ends all the same. */
const cleanStopMs = 10_000;

/** npm and others pass on what the terminal has sent already: signals this close together are one. */
const togetherMs = 1_000;

const owned = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Owns Ctrl-C, and the end of the terminal: the first signal aborts, so that the running command
 * finishes its journal entry and gives back its lease; a second one ends the process at once.
 */
export function ownSignals(onFirst: (name: string) => void): {
  readonly signal: AbortSignal;
  readonly dispose: () => void;
} {
  const controller = new AbortController();
  // Every request in flight listens to it.
  setMaxListeners(0, controller.signal);
  let first = 0;
  const handle = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      if (performance.now() - first > togetherMs) process.exit(130);
      return;
    }
    first = performance.now();
    onFirst(name);
    controller.abort(new AuroraError('INTERRUPTED', `stopped by ${name}`));
    setTimeout(() => process.exit(130), cleanStopMs).unref();
  };
  for (const name of owned) process.on(name, handle);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of owned) process.off(name, handle);
    },
  };
}
