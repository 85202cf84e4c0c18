import { AuroraError, messageOf } from '../../base/errors.ts';
import type { DeployDriver, SlotStatus } from '../../deploy/driver.ts';
import { shortDigest } from '../../proof/digest.ts';
import type { ServiceHealth } from '../health.ts';
import type { Dispatcher } from '../http/connect.ts';
import { mergeSummaries } from './merge-summaries.ts';
import type { CohortCounters, CohortQuery, MetricsService, RecentTraffic } from './metrics.ts';
import { countsOfPoints, countsOfSummary, type Point, recentLatency } from './recent.ts';
import { points, type SlotAddress, scrape, summary } from './slot-answers.ts';
import { together } from './together.ts';

/** Which of the concierge's three answers is read. */
export type ConciergeFormat = 'prometheus' | 'json' | 'summary';

const hourMs = 3_600_000;

const isReady = (slot: SlotStatus): slot is SlotStatus & { readonly url: string } =>
  slot.state === 'ready' && slot.url !== null;

function noData(words: string, where: string): AuroraError {
  return new AuroraError('NO_DATA', words, { where });
}

type Reader<T> = (slot: SlotAddress, signal: AbortSignal) => Promise<T>;
type ReadEach = <T>(read: Reader<T>, query: CohortQuery, signal: AbortSignal) => Promise<T[]>;

/** A list that is as long as this holds the latest requests only, whatever came before in the hour. */
const fullList = 1_000;

/**
 * In what time the counts of a slot's life would come at today's pace: what customers do is known from all
 * of them, how many there are from the latest. Times are compared with each other, never with our clock.
 */
function paceOf(
  recent: readonly Point[],
  { endpoints }: CohortCounters,
  lifeMs: number,
): Pick<RecentTraffic, 'durationMs' | 'over'> {
  const requests = Object.values(endpoints).reduce((sum, one) => sum + one.requests, 0);
  const times = recent.map(({ timestamp }) => timestamp);
  const spanMs =
    times.reduce((a, b) => Math.max(a, b), 0) -
    times.reduce((a, b) => Math.min(a, b), Number.MAX_VALUE);
  if (recent.length < fullList || spanMs <= 0 || requests === 0) {
    return { durationMs: lifeMs, over: 'the time since its slot started' };
  }
  return {
    durationMs: Math.max(1, (requests * spanMs) / recent.length),
    over: `its last ${recent.length} requests`,
  };
}

/** What customers did of late, by each of the three answers. */
const trafficBy: Readonly<
  Record<
    ConciergeFormat,
    (each: ReadEach, query: CohortQuery, signal: AbortSignal) => Promise<RecentTraffic>
  >
> = {
  async prometheus(each, query, signal) {
    const [read, recent] = await Promise.all([
      each(scrape, query, signal),
      // The list only says how much comes now; without it the whole life of the slot must do.
      each(points, query, signal).catch(() => []),
    ]);
    const started = Math.min(...read.map(({ epoch }) => Number(epoch) * 1_000));
    const counts = read.reduce(together);
    const lifeMs = Math.max(1, counts.at - started);
    return { counts, ...paceOf(recent.flat(), counts, lifeMs) };
  },
  async json(each, query, signal) {
    const found = (await each(points, query, signal)).flat();
    if (found.length === 0) throw noData('the slot lists no request', '/api/metrics');
    const oldest = found.reduce((first, { timestamp }) => Math.min(first, timestamp), Date.now());
    const over = `its last ${found.length} requests`;
    return {
      counts: countsOfPoints(found),
      durationMs: Math.max(1, Date.now() - oldest),
      over,
    };
  },
  async summary(each, query, signal) {
    const counts = countsOfSummary(mergeSummaries(await each(summary, query, signal)));
    if (Object.keys(counts.endpoints).length === 0) {
      throw noData('the slot sums up no request', '/api/metrics?format=summary');
    }
    // Sums do not say since when; a slot keeps an hour at most, so this foresees rather too little.
    return { counts, durationMs: hourMs, over: 'the last hour, a thousand requests at most' };
  },
};

async function examine(
  slots: readonly SlotStatus[],
  format: ConciergeFormat,
  dispatcher: Dispatcher | undefined,
  signal: AbortSignal,
): Promise<ServiceHealth> {
  const ready = slots.filter(isReady);
  if (ready.length === 0) return { ok: true, detail: 'no slot runs yet' };
  const readers = { prometheus: scrape, json: points, summary };
  await Promise.all(
    ready.map(({ url, build }) => readers[format]({ url, build: build ?? '', dispatcher }, signal)),
  );
  const note = format === 'prometheus' ? '' : `; \`format: ${format}\` cannot judge a canary`;
  return { ok: true, detail: `read from ${ready.map(({ slot }) => slot).join(' and ')}${note}` };
}

/**
 * The numbers that each slot counts itself, asked from the slot directly and not through the edge.
 * Only `prometheus` counts: with the other two formats `read` is METRICS_NOT_COUNTED.
 */
export function openConciergeMetrics(
  driver: DeployDriver,
  options: { readonly dispatcher?: Dispatcher; readonly format?: ConciergeFormat } = {},
): MetricsService {
  const { dispatcher, format = 'prometheus' } = options;
  const label = `concierge metrics of the ${driver.environment} slots`;
  const each: ReadEach = async (read, { environment, build }, signal) => {
    const slots = (await driver.slots(signal))
      .filter(isReady)
      .filter((slot) => slot.environment === environment && slot.build === build);
    if (slots.length === 0) {
      throw noData(`no ready slot runs build ${shortDigest(build)}`, driver.label);
    }
    return Promise.all(slots.map(({ url }) => read({ url, build, dispatcher }, signal)));
  };
  return {
    label,
    lagMs: 0,
    async read(query, signal) {
      if (format === 'prometheus') return (await each(scrape, query, signal)).reduce(together);
      const words = `\`format: ${format}\` shows a thousand recent requests and counts nothing`;
      throw new AuroraError('METRICS_NOT_COUNTED', words, { where: label });
    },
    traffic: (query, signal) => trafficBy[format](each, query, signal),
    recentLatency: async (query, signal) =>
      recentLatency((await each(points, query, signal)).flat()),
    async health(signal): Promise<ServiceHealth> {
      try {
        return await examine(await driver.slots(signal), format, dispatcher, signal);
      } catch (error) {
        if (!(error instanceof AuroraError)) return { ok: false, detail: messageOf(error) };
        const detail = error.code === 'SERVICE_UNREACHABLE' ? error.line : messageOf(error);
        return { ok: false, detail, remedy: error.remedy };
      }
    },
  };
}
