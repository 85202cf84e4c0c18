import { formatDuration } from '../base/duration.ts';
import type { MetricForecast } from './feasibility.ts';
import { factorOf, limitsOf, unitOf } from './slo.ts';
import { formatShare } from './words.ts';

const chance = (value: number) => `${Math.round(value * 100)} %`;
const times = (value: number) => `${Number(value.toPrecision(2))} times`;

function proofWords(forecast: MetricForecast) {
  const { metric, expected, probes, cleanNeeded, provable, chanceOfGreen } = forecast;
  const own = probes === 0 ? '' : ` (${probes} of them aurora's own)`;
  const seen = `${expected} ${unitOf(metric)} expected${own}`;
  if (cleanNeeded === null) return `${seen}, no number of them proves this limit`;
  if (!provable) return `${seen}, ${cleanNeeded} clean ones needed: cannot be proven`;
  const likely = chanceOfGreen === null ? '' : ` (as good as now: ${chance(chanceOfGreen)})`;
  return `${seen}, ${cleanNeeded} clean ones needed: can be proven${likely}`;
}

function damageWords({ metric, seenShare, seenMultiple, seenFactor }: MetricForecast): string[] {
  const words: string[] = [];
  if (seenShare !== null && seenMultiple !== null) {
    words.push(
      `notices ${formatShare(seenShare)} (${times(seenMultiple)} the limit of ${formatShare(limitsOf(metric).red)})`,
    );
  }
  if (seenFactor !== null) words.push(`or ${times(seenFactor)} what the control has`);
  return words.length === 0 ? ['notices no damage short of a catastrophe'] : [words.join(' ')];
}

function comparisonWords({ metric, provesNotWorse }: MetricForecast): string[] {
  if (provesNotWorse === null) return [];
  const not = provesNotWorse ? '' : 'not ';
  return [`an equal candidate would ${not}be proven less than ${factorOf(metric)} times worse`];
}

function remedyWords({ metric, needs, rate, chanceOfGreen, provable }: MetricForecast): string[] {
  if (provable && (chanceOfGreen === null || chanceOfGreen >= 0.8)) return [];
  if (needs === null) {
    const limit = limitsOf(metric).green;
    return rate !== null && rate >= limit
      ? [`customers have ${formatShare(rate)} now, over the limit: nothing would prove it`]
      : [];
  }
  const ways = [
    ...(needs.share === null ? [] : [`${formatShare(Math.min(1, needs.share))} of customers`]),
    ...(needs.windowMs === null ? [] : [formatDuration(needs.windowMs)]),
  ];
  return ways.length === 0
    ? [`it takes ${needs.samples} ${unitOf(metric)}`]
    : [`${ways.join(' or ')} would do`];
}

/** A forecast in one line, as it is said before a canary starts. */
export function forecastWords(forecast: MetricForecast): string {
  const { metric, problem } = forecast;
  if (problem !== null) return `${metric.id}: unknown: ${problem}`;
  const parts = [
    proofWords(forecast),
    ...damageWords(forecast),
    ...comparisonWords(forecast),
    ...remedyWords(forecast),
  ];
  return `${metric.id}: ${parts.join('; ')}`;
}
