import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hasErrno } from './errors.ts';

/** What the system tells of a process: its state letter (`R`, `S`, `T`, `Z`, ...) and its start. */
export interface ProcessSight {
  readonly state: string;
  /** When it began, in the system's own words: tells a reused id from the process that had it. */
  readonly started: string;
}

/** The state letter of /proc comes first behind the name, the start is the 20th word there. */
const startedWord = 19;

function sightInProc(pid: number): ProcessSight | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name in brackets may hold anything, brackets too: what counts begins behind the last one.
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [words[0], words[startedWord]];
  return state === undefined || started === undefined ? null : { state, started };
}

function sightByPs(pid: number): ProcessSight | null {
  const argv = ['-o', 'stat=,lstart=', '-p', String(pid)];
  const text = execFileSync('ps', argv, {
    timeout: 2_000,
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  const [state = '', ...started] = text.trim().split(/\s+/);
  return state === '' ? null : { state: state.slice(0, 1), started: started.join('-') };
}

/** Looks at a process of this machine; null where that is not to be had. */
export function lookAtProcess(pid: number): ProcessSight | null {
  try {
    return process.platform === 'linux' ? sightInProc(pid) : sightByPs(pid);
  } catch {
    return null;
  }
}

function isZombie(pid: number): boolean {
  try {
    return /^[ZX]/.test(sightInProc(pid)?.state ?? '');
  } catch {
    // Gone meanwhile, or a system without /proc.
    return false;
  }
}

/**
 * Whether a process of this id runs; one of another user counts too. One that has ended and only
 * waits for its parent to notice does not: where process 1 is slow to do that, in many containers,
 * it keeps its id for long.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return hasErrno(error, 'EPERM');
  }
}
