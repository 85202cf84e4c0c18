import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive, lookAtProcess } from './process.ts';

/** What tells a process from every other, on this machine and elsewhere. */
export interface ProcessMark {
  readonly host: string;
  readonly pid: number;
  /** This run of the machine; null where the system does not tell. */
  readonly boot: string | null;
  /** The space that process ids count in: every container has its own. Null where there is one. */
  readonly space: string | null;
  /** When the process began; null where the system does not tell. */
  readonly started: string | null;
}

/**
 * What became of a marked process. `stopped` is alive, but does nothing until somebody continues
 * it; `rebooted` says that its machine, or another one of that name, has started anew since;
 * `elsewhere` that it cannot be seen from here.
 */
export type Fate = 'alive' | 'stopped' | 'gone' | 'rebooted' | 'elsewhere';

function quietly(read: () => string): string | null {
  try {
    return read().trim();
  } catch {
    return null;
  }
}

let own: ProcessMark | undefined;

/** The mark of this process. */
export function ownMark(): ProcessMark {
  own ??= {
    host: hostname(),
    pid: process.pid,
    boot: quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    space: quietly(() => readlinkSync('/proc/self/ns/pid')),
    started: lookAtProcess(process.pid)?.started ?? null,
  };
  return own;
}

function differ(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== b;
}

/** Looks what became of a process, seen from `here`. */
export function fateOf(mark: ProcessMark, here: ProcessMark = ownMark()): Fate {
  if (mark.host !== here.host) return 'elsewhere';
  if (differ(mark.boot, here.boot)) return 'rebooted';
  if (differ(mark.space, here.space)) return 'elsewhere';
  if (!isAlive(mark.pid)) return 'gone';
  const sight = lookAtProcess(mark.pid);
  if (differ(sight?.started ?? null, mark.started)) return 'gone';
  return /^[Tt]/.test(sight?.state ?? '') ? 'stopped' : 'alive';
}

const nothing = '-';

/** A mark as five words in one line. */
export function markText({ host, pid, boot, space, started }: ProcessMark): string {
  const words = [String(pid), host, boot ?? nothing, space ?? nothing, started ?? nothing];
  return words.map(encodeURIComponent).join(' ');
}

/** Reads what `markText` wrote, further words ignored; undefined when it is none. */
export function parseMark(text: string): ProcessMark | undefined {
  try {
    const [pid = '', host, boot, space, started] = text.split(' ').map(decodeURIComponent);
    if (!/^[1-9]\d*$/.test(pid) || host === undefined || started === undefined) return undefined;
    const known = (word: string | undefined) => (word === nothing ? null : (word ?? null));
    return {
      pid: Number(pid),
      host,
      boot: known(boot),
      space: known(space),
      started: known(started),
    };
  } catch {
    return undefined;
  }
}
