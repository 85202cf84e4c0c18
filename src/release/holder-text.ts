import { formatDuration } from '../base/duration.ts';
import type { LeaseRecord } from './lease.ts';

/**
 * Who holds a lease, since when, and how long nothing was seen of them: `release r1 of Alex since
 * 2026-11-22T08:00:00.000Z on host7 (process 123), last sign of life 4 s ago`. Where holder and
 * reader are two machines, that is as far as their clocks agree.
 */
export function holderText(
  { holder }: LeaseRecord,
  about: { readonly now: number; readonly ttlMs: number },
): string {
  if (holder === null) return 'nobody';
  const renewed = Date.parse(holder.expires) - about.ttlMs;
  const ago = formatDuration(Math.max(0, about.now - renewed));
  const who = `release ${holder.release} of ${holder.actor}`;
  const where = `on ${holder.host} (process ${holder.pid})`;
  return `${who} since ${holder.since} ${where}, last sign of life ${ago} ago`;
}
