import type { Counts } from '../../judge/counters.ts';
import type { Slo, SloMetric } from '../../judge/slo.ts';
import { judge } from '../../judge/verdict.ts';
import { formatShare } from '../../judge/words.ts';
import { metricResult } from '../canary/results.ts';
import type { CheckResult } from '../check.ts';
import { type Measured, unmeasured } from '../unmeasured.ts';

/** A metric as the plan words it: "latency p95 < SLO, 5xx <0.5%". */
function plansTitle(metric: SloMetric): string {
  if (metric.measure === 'latency') {
    return `p${Number((metric.quantile * 100).toFixed(1))} < SLO: ${metric.title}`;
  }
  return metric.measure === 'session-errors'
    ? `5xx < ${formatShare(metric.green)}: ${metric.title}`
    : metric.title;
}

/** The SLOs at 100 %, on what was counted since the ramp. Nobody is left to compare with. */
export function assessSlo(slo: Slo, counts: Measured<Counts>): readonly CheckResult[] {
  const what = { id: 'post-deploy/slo', title: 'SLOs at 100 %', expected: 'every gate green' };
  if ('error' in counts) return [unmeasured(what, counts.error)];
  const { metrics, requests } = judge(slo, counts.value, null);
  return metrics.map((judged) => {
    const result = metricResult(judged, what.id);
    const title = plansTitle(judged.metric);
    if (judged.metric.measure !== 'session-errors') return { ...result, title };
    const rate = requests.n === 0 ? '' : ` (${formatShare(requests.bad / requests.n)})`;
    const observed = `${result.observed}; ${requests.bad} of ${requests.n} requests since the ramp${rate}`;
    return { ...result, title, observed };
  });
}
