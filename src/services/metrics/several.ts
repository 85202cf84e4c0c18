import { AuroraError } from '../../base/errors.ts';
import type { ServiceHealth } from '../health.ts';
import type { CohortCounts } from './cohort.ts';
import type { CohortCounters, CounterPart, MetricsService } from './metrics.ts';

const parts: readonly CounterPart[] = ['endpoints', 'sessions', 'csat'];

/** Each part from the first answer that counts it; what none counts stays unknown. */
export function combine(answers: readonly [CohortCounts, ...CohortCounts[]]): CohortCounts {
  const counts = (answer: CohortCounts, part: CounterPart) =>
    !(answer.unknown ?? []).includes(part);
  const first = answers[0];
  const of = (part: CounterPart) => answers.find((answer) => counts(answer, part)) ?? first;
  const unknown = parts.filter((part) => !answers.some((answer) => counts(answer, part)));
  return {
    endpoints: of('endpoints').endpoints,
    sessions: of('sessions').sessions,
    csat: of('csat').csat,
    ...(unknown.length === 0 ? {} : { unknown }),
  };
}

async function examineAll(
  sources: readonly MetricsService[],
  signal: AbortSignal,
): Promise<ServiceHealth> {
  const rows = await Promise.all(
    sources.map(async (one) => ({ label: one.label, ...(await one.health(signal)) })),
  );
  const remedy = rows.find((row) => !row.ok)?.remedy;
  return {
    ok: rows.every(({ ok }) => ok),
    detail: rows.map(({ label, detail }) => `${label}: ${detail}`).join('; '),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/**
 * Several sources with history as one: each part of the counters comes from the first that counts it.
 * When one of them fails the answer fails: another source in its place would count something else.
 */
export function openSeveralMetrics(sources: readonly MetricsService[]): MetricsService {
  const [first, ...others] = sources;
  if (first === undefined) throw new AuroraError('CONFIG_INVALID', 'no source of metrics is named');
  const all = async <T>(
    ask: (source: MetricsService) => Promise<T>,
  ): Promise<readonly [T, ...T[]]> => {
    const [one, ...rest] = await Promise.all([ask(first), ...others.map(ask)]);
    return [one, ...rest];
  };
  return {
    label: sources.map(({ label }) => label).join(' and '),
    // Each source takes its own lag off. Ratings that come late must not delay the sight of errors.
    lagMs: Math.min(...sources.map(({ lagMs }) => lagMs)),
    async read(query, signal): Promise<CohortCounters> {
      const answers = await all((source) => source.read(query, signal));
      const { at, since, epoch } = answers[0];
      return { at, ...(since === undefined ? {} : { since }), epoch, ...combine(answers) };
    },
    async traffic(query, signal) {
      const answers = await all((source) => source.traffic(query, signal));
      const [one, ...rest] = answers;
      const counts = combine([one.counts, ...rest.map((answer) => answer.counts)]);
      return { ...one, counts };
    },
    health: (signal) => examineAll(sources, signal),
  };
}
