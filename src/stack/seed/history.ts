import { createHash } from 'node:crypto';
import type { EventSeries, HistoryFile } from './data-files.ts';
import type { SeedDocument } from './orders.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** The events before `now` (milliseconds), each series spread over its days; oldest first. */
export function historyEvents(file: HistoryFile, now: number): SeedDocument[] {
  const events = file.events.flatMap((series) => seriesOf(series, file, now));
  return events.sort((a, b) => Number(a.timestamp) - Number(b.timestamp));
}

/** The same past with one event in so many, elsewhere. */
export function inMiniature(file: HistoryFile, environment: string, onceIn: number): HistoryFile {
  const events = file.events.map((one) => ({ ...one, count: Math.ceil(one.count / onceIn) }));
  return { ...file, name: `${environment}_${file.name}`, environment, events };
}

function seriesOf(series: EventSeries, file: HistoryFile, now: number): SeedDocument[] {
  const own = nameOf(series);
  const leader = file.events.find((one) => nameOf(one) === series.ofTheSessionsOf) ?? series;
  const sessions = nameOf(leader);
  const sessionOf = (n: number) => Math.floor((n * leader.count) / series.count);
  const momentOf = (n: number) =>
    series.minutesLater === undefined
      ? at(series, file, now, n)
      : Math.min(now, at(leader, file, now, sessionOf(n)) + series.minutesLater * 60_000);
  return Array.from({ length: series.count }, (_, n) => {
    const timestamp = momentOf(n);
    return {
      ...series.fields,
      ...ownFields(series, file, n, timestamp),
      event: series.event,
      timestamp: new Date(timestamp),
      sessionId: `sess_${file.name}_${sessions}_${sessionOf(n)}`,
      requestId: `req_${file.name}_${own}_${n}`,
      environment: file.environment,
      build: file.build,
    };
  });
}

const nameOf = ({ as, event }: EventSeries) => as ?? event.replace('aurora_', '');

/** The middle of each of `count` equal parts: nothing at the edges, nothing in the future. */
function at(series: EventSeries, file: HistoryFile, now: number, n: number): number {
  const { from = file.days, until = 0, count, growing = false } = series;
  const part = (n + 0.5) / count;
  // A density that rises from nothing in a straight line.
  const along = growing ? Math.sqrt(part) : part;
  return Math.floor(now - from * day + along * (from - until) * day);
}

/** What differs from event to event of a series. */
function ownFields(
  series: EventSeries,
  { name }: HistoryFile,
  n: number,
  timestamp: number,
): Record<string, unknown> {
  const { numbered = {}, turns = {}, hoursLater = {}, hashed = [] } = series;
  const each = <T>(of: Readonly<Record<string, T>>, make: (value: T) => unknown) =>
    Object.fromEntries(Object.entries(of).map(([field, value]) => [field, make(value)]));
  return {
    ...each(numbered, (prefix) => `${prefix}${name}_${nameOf(series)}_${n}`),
    ...each(turns, (values) => values[n % values.length]),
    ...each(hoursLater, (hours) => new Date(timestamp + hours * hour).toISOString()),
    ...Object.fromEntries(hashed.map((field) => [field, hashOf(`${field}:${name}:${n}`)])),
    ...varied(series, n),
  };
}

/** A hash that is nobody's. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function varied({ vary }: EventSeries, n: number): Record<string, unknown> {
  if (vary === undefined) return {};
  return { [vary.field]: (n + 1) % vary.every === 0 ? vary.otherwise : vary.usually };
}
