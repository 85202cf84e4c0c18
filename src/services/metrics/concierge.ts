import { AuroraError, hasCode, messageOf } from '../../base/errors.ts';
import type { DeployDriver, SlotStatus } from '../../deploy/driver.ts';
import { shortDigest } from '../../proof/digest.ts';
import type { ServiceHealth } from '../health.ts';
import type { Dispatcher } from '../http/connect.ts';
import { http } from '../http/request.ts';
import { cohortCounters } from './cohort.ts';
import type { CohortCounters, CohortQuery, EndpointCounters, MetricsService } from './metrics.ts';
import { parsePrometheus } from './prometheus-text.ts';

const route = '/api/metrics?format=prometheus';

async function scrape(
  base: string,
  build: string,
  signal: AbortSignal,
  dispatcher: Dispatcher | undefined,
): Promise<CohortCounters> {
  const url = new URL(route, base).href;
  const where = `GET ${url}`;
  const answer = await http(
    { url, timeoutMs: 5_000, ...(dispatcher === undefined ? {} : { dispatcher }) },
    signal,
  );
  if (answer.status !== 200) {
    throw new AuroraError('SERVICE_REFUSED', `status ${answer.status}`, { where });
  }
  try {
    return cohortCounters(parsePrometheus(answer.text), build, Date.now());
  } catch (cause) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', messageOf(cause), { where, cause });
  }
}

function addEndpoint(x: EndpointCounters | undefined, y: EndpointCounters): EndpointCounters {
  if (x === undefined) return y;
  const counts = new Map(x.latency.map(({ leMs, count }) => [leMs, count]));
  return {
    requests: x.requests + y.requests,
    errors: x.errors + y.errors,
    latency: y.latency.map(({ leMs, count }) => ({ leMs, count: count + (counts.get(leMs) ?? 0) })),
  };
}

/** Two slots with the same build are one cohort. */
function together(x: CohortCounters, y: CohortCounters): CohortCounters {
  const endpoints: Record<string, EndpointCounters> = { ...x.endpoints };
  for (const [path, counters] of Object.entries(y.endpoints)) {
    endpoints[path] = addEndpoint(endpoints[path], counters);
  }
  return {
    at: Math.max(x.at, y.at),
    epoch: `${x.epoch}+${y.epoch}`,
    endpoints,
    sessions: { n: x.sessions.n + y.sessions.n, bad: x.sessions.bad + y.sessions.bad },
    csat: {
      great: x.csat.great + y.csat.great,
      needsFollowUp: x.csat.needsFollowUp + y.csat.needsFollowUp,
    },
  };
}

const isReady = (slot: SlotStatus): slot is SlotStatus & { readonly url: string } =>
  slot.state === 'ready' && slot.url !== null;

/** The numbers that each slot counts itself, asked from the slot directly and not through the edge. */
export function openConciergeMetrics(
  driver: DeployDriver,
  options: { readonly dispatcher?: Dispatcher } = {},
): MetricsService {
  const ready = async (signal: AbortSignal) => (await driver.slots(signal)).filter(isReady);
  const readEach = async ({ environment, build }: CohortQuery, signal: AbortSignal) => {
    const slots = (await ready(signal)).filter(
      (slot) => slot.environment === environment && slot.build === build,
    );
    const read = await Promise.all(
      slots.map(({ url }) => scrape(url, build, signal, options.dispatcher)),
    );
    if (read.length === 0) {
      throw new AuroraError('NO_DATA', `no ready slot runs build ${shortDigest(build)}`, {
        where: driver.label,
      });
    }
    return read;
  };
  return {
    label: `concierge metrics of the ${driver.environment} slots`,
    lagMs: 0,
    read: async (query, signal) => (await readEach(query, signal)).reduce(together),
    async traffic(query, signal) {
      const read = await readEach(query, signal);
      const started = Math.min(...read.map(({ epoch }) => Number(epoch) * 1_000));
      const counts = read.reduce(together);
      return {
        counts,
        durationMs: Math.max(1, counts.at - started),
        over: 'the time since its slot started',
      };
    },
    async health(signal): Promise<ServiceHealth> {
      try {
        const slots = await ready(signal);
        if (slots.length === 0) return { ok: true, detail: 'no slot runs yet' };
        const seen = slots.map(({ url, build }) =>
          scrape(url, build ?? '', signal, options.dispatcher),
        );
        await Promise.all(seen);
        return { ok: true, detail: `read from ${slots.map(({ slot }) => slot).join(' and ')}` };
      } catch (error) {
        const remedy = error instanceof AuroraError ? error.remedy : undefined;
        const detail = hasCode(error, 'SERVICE_UNREACHABLE') ? error.line : messageOf(error);
        return { ok: false, detail, ...(remedy === undefined ? {} : { remedy }) };
      }
    },
  };
}
