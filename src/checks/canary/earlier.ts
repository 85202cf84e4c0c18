import { unpackReading } from '../../judge/recording.ts';
import type { WatchReading } from '../../judge/watching.ts';
import type { CheckContext, JournaledLook } from '../kind.ts';

/** Looks of this watch at the share that customers have now. */
function looksOf({ looks, facts }: CheckContext, watch: string): readonly JournaledLook[] {
  const { sharedAt = 0 } = facts;
  return looks().filter(({ at, data }) => data.watch === watch && at >= sharedAt);
}

/** What a watch that broke off has seen already, oldest first; nothing where it begins. */
export function readingsBefore(context: CheckContext, watch: string): readonly WatchReading[] {
  return looksOf(context, watch).flatMap(({ interrupted, data }) => {
    const reading = interrupted ? unpackReading(data.reading ?? null) : null;
    return reading === null ? [] : [reading];
  });
}

/**
 * Whether this share was watched to a verdict before. What that watch counted it has judged: one
 * that is repeated begins anew.
 */
export function wasJudgedBefore(context: CheckContext, watch: string): boolean {
  return looksOf(context, watch).some(({ interrupted }) => !interrupted);
}

/** What a stage of the ramp last saw, if that was green: the share went on by it. */
export function greenLookOf({ looks }: CheckContext, watch: string): JournaledLook | null {
  const last = looks().findLast(({ data }) => data.watch === watch && 'state' in data);
  return last?.data.state === 'green' ? last : null;
}
