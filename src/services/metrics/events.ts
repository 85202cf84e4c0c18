import { eventEnvironment } from '../../base/environments.ts';
import { AuroraError } from '../../base/errors.ts';
import { shortDigest } from '../../proof/digest.ts';
import type { DatabaseService, EventRow, PipelineStage } from '../database/database.ts';
import type { CohortCounters, CohortQuery, MetricsService, RecentTraffic } from './metrics.ts';

const hourMs = 3_600_000;

/** As much of the database as is asked. */
export type EventsDatabase = Pick<
  DatabaseService,
  'label' | 'health' | 'countEvents' | 'aggregateEvents'
>;

/** Whose events of when: later than `since`, up to and including `until`. */
interface EventWindow extends Pick<CohortQuery, 'environment' | 'build'> {
  readonly since?: Date;
  readonly until: Date;
}

/** How often each rating was given: `{ _id: rating, n }`. */
function ratingsPipeline(window: EventWindow): readonly PipelineStage[] {
  const { environment, build, since, until } = window;
  const timestamp = { ...(since === undefined ? {} : { $gt: since }), $lte: until };
  return [
    {
      $match: {
        event: 'aurora_csat_submitted',
        environment: eventEnvironment[environment],
        build,
        timestamp,
      },
    },
    { $group: { _id: '$rating', n: { $sum: 1 } } },
  ];
}

function ratingsOf(rows: readonly EventRow[]): CohortCounters['csat'] {
  const of = (rating: string) => Number(rows.find(({ _id }) => _id === rating)?.n ?? 0);
  return { great: of('great'), needsFollowUp: of('needs_follow_up') };
}

/** Events hold what customers did, and nothing of requests that failed or took long. */
const notInEvents = ['endpoints', 'sessions'] as const;

/**
 * The ratings of a build from the analytics events. Nothing else can be judged by events: a request
 * that failed leaves none. `lagMs` is how late an event may arrive.
 */
export function openEventMetrics(database: EventsDatabase, lagMs: number): MetricsService {
  const rated = async (
    window: EventWindow,
    signal: AbortSignal,
  ): Promise<RecentTraffic['counts']> => {
    const csat = ratingsOf(await database.aggregateEvents(ratingsPipeline(window), signal));
    if (csat.great + csat.needsFollowUp === 0) await assertKnown(database, window, signal);
    return { endpoints: {}, sessions: { n: 0, bad: 0 }, csat, unknown: notInEvents };
  };
  return {
    label: `events of ${database.label}`,
    lagMs,
    async read(query, signal) {
      const at = Math.min(query.until ?? Number.POSITIVE_INFINITY, Date.now() - lagMs);
      const { since } = query;
      const { environment, build } = query;
      const from = since === undefined ? {} : { since: new Date(since) };
      const counts = await rated({ environment, build, ...from, until: new Date(at) }, signal);
      return { at, ...(since === undefined ? {} : { since }), epoch: 'history', ...counts };
    },
    async traffic({ environment, build }, signal) {
      const until = Date.now() - lagMs;
      const window = { since: new Date(until - hourMs), until: new Date(until) };
      const counts = await rated({ environment, build, ...window }, signal);
      return { counts, durationMs: hourMs, over: 'the last hour' };
    },
    async health(signal) {
      const health = await database.health(signal);
      return health.ok ? { ok: true, detail: `${health.detail}; ratings only` } : health;
    },
  };
}

/** Nobody rated is a zero only where the build has events at all. */
async function assertKnown(
  database: EventsDatabase,
  { environment, build }: EventWindow,
  signal: AbortSignal,
): Promise<void> {
  const filter = { event: 'aurora_products_shown', environment: eventEnvironment[environment] };
  if ((await database.countEvents({ ...filter, build }, signal)) > 0) return;
  throw new AuroraError('NO_DATA', `no event of build ${shortDigest(build)} has arrived`, {
    where: database.label,
  });
}
