import { type FSWatcher, watch } from 'node:fs';
import type { Clock } from '../base/clock.ts';

/** How to notice that something has changed. */
export interface ChangeWatch {
  /** Directories of which events are welcome; one that is not there is passed over. */
  readonly directories: readonly string[];
  /** Whether it has changed already since it was last read. */
  readonly hasChanged: () => Promise<boolean>;
  /** Milliseconds between looks besides; as long as the whole wait where events are enough. */
  readonly lookEveryMs: number;
  readonly withinMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

function watchAll(directories: readonly string[], wake: () => void): FSWatcher[] {
  return directories.flatMap((directory) => {
    try {
      return [watch(directory, { persistent: false }, wake).on('error', wake)];
    } catch {
      // Not there yet, or more watchers than the system gives: then looking must do.
      return [];
    }
  });
}

/** Resolves when something has changed, or after `withinMs`; rejects with the signal's reason. */
export async function awaitChange(about: ChangeWatch): Promise<void> {
  const { clock, signal, withinMs } = about;
  const woken = new AbortController();
  const either = AbortSignal.any([signal, woken.signal]);
  const watchers = watchAll(about.directories, () => woken.abort());
  try {
    // Watching has begun before this look: no change falls in between.
    for (let waited = 0; waited < withinMs; waited += about.lookEveryMs) {
      if (await about.hasChanged()) return;
      await clock.sleep(Math.min(about.lookEveryMs, withinMs - waited), either);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!woken.signal.aborted) throw error;
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}
