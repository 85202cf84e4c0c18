import { readFileSync } from 'node:fs';
import { hasErrno } from './errors.ts';

/**
 * Whether a process has ended and only waits for its parent to notice. Where process 1 is slow to do
 * that, in many containers, such a one still has its id. False where there is no /proc to ask.
 */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in brackets may hold anything; the state is the letter behind the last of them.
    const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
    return state === 'Z' || state === 'X';
  } catch {
    return false;
  }
}

/** Whether a process of this id runs; one of another user counts too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return hasErrno(error, 'EPERM');
  }
}
