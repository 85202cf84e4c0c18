import { messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { foresee, type MetricForecast } from '../../judge/feasibility.ts';
import { forecastWords } from '../../judge/feasibility-words.ts';
import type { CheckContext } from '../kind.ts';
import { attempt } from '../unmeasured.ts';
import type { WatchPlan } from './plan.ts';

/** What a watch can and cannot prove, as recent traffic tells. */
export interface Forecast {
  readonly metrics: readonly MetricForecast[];
  /** Which traffic it is made from: `the last hour`. */
  readonly over: string;
}

/** A forecast, or why there is none. */
export type Foreseen = { readonly forecast: Forecast } | { readonly problem: string };

/**
 * Foresees a watch from the recent traffic of the stable build, which had all customers; at a first
 * launch from the candidate's own, which has its share already. Never throws but for an abort.
 */
export async function foreseeWatch(plan: WatchPlan, context: CheckContext): Promise<Foreseen> {
  const { services, signal, facts } = context;
  const { environment, rules, everyMs } = plan;
  const percent = facts.percent ?? 100;
  const traffic = await attempt(signal, async () => {
    const metrics = await services.metrics(environment);
    return metrics.traffic({ environment, build: facts.stable ?? facts.candidate }, signal);
  });
  if ('error' in traffic) return { problem: messageOf(traffic.error) };
  const { counts, durationMs, over } = traffic.value;
  if (durationMs <= 0) return { problem: 'the traffic of late covers no time' };
  const window = {
    windowMs: rules.windowMs,
    share: facts.stable === null ? 1 : percent / 100,
    compared: rules.compared,
    looks: Math.floor(rules.windowMs / everyMs) + 1,
  };
  return { forecast: { metrics: foresee(rules.slo, { counts, durationMs }, window), over } };
}

/** Gates that this window cannot prove, however well all goes. */
export function unprovable({ metrics }: Forecast): readonly MetricForecast[] {
  return metrics.filter(
    ({ metric, problem, provable }) => metric.role === 'gate' && problem === null && !provable,
  );
}

/** A forecast as data: for the journal and for whoever draws it. */
export function forecastData({ metrics, over }: Forecast): JsonObject {
  return {
    forecast: metrics.map((one) => ({
      id: one.metric.id,
      role: one.metric.role,
      words: forecastWords(one),
      provable: one.provable,
    })),
    over,
  };
}

const named = (metrics: readonly MetricForecast[]) =>
  metrics.map(({ metric }) => metric.id).join(', ');

/** A forecast in one line: what cannot be proven comes first, with what would do. */
export function forecastText(forecast: Forecast): string {
  const gates = forecast.metrics.filter(({ metric }) => metric.role === 'gate');
  const cannot = unprovable(forecast);
  const unknown = gates.filter(({ problem }) => problem !== null);
  const can = gates.filter(({ provable }) => provable);
  return [
    ...(cannot.length === 0 ? [] : [`CANNOT prove ${cannot.map(forecastWords).join(' | ')}`]),
    ...(can.length === 0 ? [] : [`can prove ${named(can)}`]),
    ...(unknown.length === 0 ? [] : [`unknown: ${named(unknown)}`]),
    `foreseen from ${forecast.over}`,
  ].join('; ');
}
