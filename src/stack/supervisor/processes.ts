import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../../base/process.ts';

/** Waits until none of the processes is there; false when the deadline came first. */
export async function untilGone(pids: readonly number[], withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (pids.some(isAlive)) {
    if (Date.now() > deadline) return false;
    await delay(25);
  }
  return true;
}
