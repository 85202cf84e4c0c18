import { analyticsEnvironment } from '../../analytics/events.ts';
import type { Services } from '../../services.ts';
import { DayLedger, dayMs, startOfDay } from './ledger.ts';
import { type Range, type Report, ranges, reportOf, topShortlisted } from './report.ts';

/** Makes reports. Rejects when the storage is away. */
export type ReadReport = (range: Range, now: number) => Promise<Report>;

/** Reports on the slot's own environment; days that are over are read once. */
export function reportReader({ dashboard, settings }: Services): ReadReport {
  const environment = analyticsEnvironment[settings.environment];
  const ledger = new DayLedger((stretch) => dashboard.events(environment, stretch));
  return async (range, now) => {
    const count = ranges[range];
    const today = startOfDay(now);
    const stretch = { from: new Date(today - (count - 1) * dayMs), until: new Date(today + dayMs) };
    const [days, scores] = await Promise.all([ledger.days(count, now), dashboard.scores(stretch)]);
    const names = await dashboard.productNames(topShortlisted(days).map(([id]) => id));
    return reportOf(range, days, scores, names);
  };
}
