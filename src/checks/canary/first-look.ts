import { unpackReading } from '../../judge/recording.ts';
import type { CohortCounters } from '../../services/metrics/metrics.ts';
import type { CheckContext } from '../kind.ts';

/**
 * The candidate's counters at the first look of the last watch with this name: what came after is
 * what customers did since then. Null when there was none, or when none of its looks could be read.
 */
export function firstLookOf(
  { looks }: Pick<CheckContext, 'looks'>,
  watch: string,
): CohortCounters | null {
  const own = looks().filter(({ data }) => data.watch === watch && data.reading !== undefined);
  const begunAt = own.at(-1)?.data.begunAt;
  for (const { data } of own) {
    const candidate = unpackReading(data.reading ?? null)?.candidate;
    if (data.begunAt === begunAt && candidate !== undefined && !('error' in candidate)) {
      return candidate;
    }
  }
  return null;
}
