import type { SloMetric } from './slo.ts';

/** What it means that nothing was counted for a metric. */
export interface Absence {
  /** Something ought to have been counted: the measurement is broken, not the candidate. */
  readonly broken: boolean;
  readonly words: string;
}

/**
 * The missing-data rule of a metric; null when there is data. None of its answers is a pass: without
 * a sample a gate stays amber, and what differs is only what a person has to look at. `traffic` is
 * how many requests of any kind were answered in the same window.
 */
export function absenceOf(
  metric: Pick<SloMetric, 'noData' | 'minSamples'>,
  n: number,
  traffic: number,
): Absence | null {
  if (n > 0) return null;
  switch (metric.noData) {
    case 'broken':
      return traffic >= metric.minSamples
        ? {
            broken: true,
            words: `nothing was counted although ${traffic} requests were answered`,
          }
        : { broken: false, words: `too early to tell: ${traffic} requests were answered so far` };
    case 'lagging':
      return { broken: false, words: 'nothing has arrived yet; it comes later than the requests' };
    case 'zero':
      return { broken: false, words: 'it did not happen once, so there is nothing to judge' };
    case 'no-traffic':
      return { broken: false, words: 'nobody came' };
  }
}
