import type { HistoryFile } from './data-files.ts';
import type { SeedDocument } from './orders.ts';

const day = 86_400_000;

type EventSeries = HistoryFile['events'][number];

/** The events before `now` (milliseconds), each series spread evenly over the file's days. */
export function historyEvents(file: HistoryFile, now: number): SeedDocument[] {
  const events = file.events.flatMap((series) => seriesOf(series, file, now));
  return events.sort((a, b) => Number(a.timestamp) - Number(b.timestamp));
}

function seriesOf(series: EventSeries, file: HistoryFile, now: number): SeedDocument[] {
  const span = file.days * day;
  const sessions = series.ofTheSessionsOf ?? series.event;
  const sessionCount = file.events.find(({ event }) => event === sessions)?.count ?? series.count;
  const sessionOf = (n: number) => Math.floor((n * sessionCount) / series.count);
  return Array.from({ length: series.count }, (_, n) => ({
    ...series.fields,
    ...varied(series, n),
    event: series.event,
    // The middle of each of `count` equal parts: nothing at the edges, nothing in the future.
    timestamp: new Date(Math.floor(now - span + ((n + 0.5) * span) / series.count)),
    sessionId: `sess_history_${sessions.replace('aurora_', '')}_${sessionOf(n)}`,
    requestId: `req_history_${series.event.replace('aurora_', '')}_${n}`,
    environment: file.environment,
    build: file.build,
  }));
}

function varied({ vary }: EventSeries, n: number): Record<string, unknown> {
  if (vary === undefined) return {};
  return { [vary.field]: (n + 1) % vary.every === 0 ? vary.otherwise : vary.usually };
}
