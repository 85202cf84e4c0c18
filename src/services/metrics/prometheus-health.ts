import { formatDuration } from '../../base/duration.ts';
import { AuroraError } from '../../base/errors.ts';
import type { ServiceHealth } from '../health.ts';
import type { PrometheusApi } from './prometheus-api.ts';
import { assertKnown } from './prometheus-missing.ts';
import { metricSelector, type PrometheusWords, seriesName } from './prometheus-words.ts';

/** Differences of clocks below this are not worth a word. */
const skewMs = 2_000;

/** What doctor says of a Prometheus that answers: its version, its clock, and what it counts. */
export async function examinePrometheus(
  api: PrometheusApi,
  words: PrometheusWords,
  aheadMs: number,
  signal: AbortSignal,
): Promise<ServiceHealth> {
  // Servers that only speak as Prometheus does may not tell their version.
  const version = await api.version(signal).catch((error: unknown) => {
    if (error instanceof AuroraError && error.code !== 'SERVICE_UNREACHABLE') return null;
    throw error;
  });
  const skew =
    Math.abs(aheadMs) < skewMs
      ? ''
      : `, its clock is ${formatDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead' : 'behind'}`;
  const name = `Prometheus${version === null ? '' : ` ${version}`}${skew}`;
  const counted = await countedNames(api, words, signal);
  if (counted.found === 0) return { ok: true, detail: `${name}; no build is counted yet` };
  if (counted.missing === undefined)
    return { ok: true, detail: `${name}; ${counted.found} series` };
  const { line, remedy } = counted.missing;
  return { ok: false, detail: `${name}; ${line}`, remedy };
}

interface CountedNames {
  /** Series of requests, of whatever build. */
  readonly found: number;
  /** The first name that nobody counts. */
  readonly missing?: { readonly line: string; readonly remedy: string };
}

async function countedNames(
  api: PrometheusApi,
  words: PrometheusWords,
  signal: AbortSignal,
): Promise<CountedNames> {
  const metrics = ['requests', 'durations', 'sessions', 'badSessions', 'csat'] as const;
  const names = metrics
    .map((metric) => seriesName(metric, words.names))
    .filter((name) => name !== null);
  const counts = await Promise.all(
    names.map((name) => api.scalar(`count(${metricSelector(words, name, true)})`, signal)),
  );
  const found = counts.reduce((sum: number, count) => sum + (count ?? 0), 0);
  if (found === 0) return { found };
  for (const [at, name] of names.entries()) {
    if ((counts[at] ?? 0) > 0) continue;
    try {
      await assertKnown(api, words, name, signal);
    } catch (error) {
      if (!(error instanceof AuroraError) || error.code !== 'SERVICE_ANSWER_INVALID') throw error;
      return { found, missing: { line: error.message, remedy: error.remedy } };
    }
  }
  return { found };
}
