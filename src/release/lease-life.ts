import { fateOf, type ProcessMark, parseMark } from '../base/process-mark.ts';
import type { LeaseRecord } from './lease.ts';

/**
 * What a record alone says of its holder: `silent` when its time is over by our clock, which may be
 * wrong, or the holder's may. Only watching tells whether such a one still renews.
 */
export type LeaseLife = 'free' | 'alive' | 'silent' | 'gone';

/** Judges a record at `now`, seen from the process of `here`. */
export function lifeOf(
  { holder }: LeaseRecord,
  about: { readonly now: number; readonly here: ProcessMark },
): LeaseLife {
  if (holder === null) return 'free';
  const mark = holder.process === undefined ? undefined : parseMark(holder.process);
  // On this machine a dead process need not be waited for.
  if (mark !== undefined && fateOf(mark, about.here) === 'gone') return 'gone';
  return Date.parse(holder.expires) > about.now ? 'alive' : 'silent';
}
