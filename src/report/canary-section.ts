import { formatDuration } from '../base/duration.ts';
import { formatShare } from '../judge/words.ts';
import type { StepState } from '../release/state.ts';
import { type Look, type LookAhead, type LookMetric, readLook, readLookAhead } from './look.ts';
import { rateWords, stateWord } from './look-words.ts';
import { cell, details, inline, markdownTable, paragraphs } from './markdown.ts';
import { plannedLabel } from './words.ts';

/**
 * What each watch of a step saw last: every metric with its samples, interval and evidence, and what
 * could not be judged. `scale` is what watch windows were divided by. Undefined without a watch.
 */
export function canarySection(step: StepState, scale: number): string | undefined {
  const looks = step.looks.flatMap(({ data }) => readLook(data) ?? []);
  const aheads = step.looks.flatMap(({ data }) => readLookAhead(data) ?? []);
  const watches = [...new Set([...looks, ...aheads].map(({ watch }) => watch))];
  if (watches.length === 0) return undefined;
  const parts = watches.map((watch) => {
    const ahead = aheads.findLast((one) => one.watch === watch);
    const look = looks.findLast((one) => one.watch === watch);
    return paragraphs(
      `### Watched: ${inline(watch)}`,
      look === undefined ? 'No look was taken.' : lookPart(look, scale),
      ahead === undefined ? undefined : aheadPart(ahead),
    );
  });
  return paragraphs(...parts);
}

function lookPart(look: Look, scale: number): string {
  return paragraphs(
    standing(look, scale),
    look.why.map((reason) => `- ${inline(reason)}`).join('\n'),
    metricsTable(look.metrics),
    unjudged(look.metrics),
    probed(look.metrics),
    quantilesTable(look.metrics),
  );
}

/** Window planned beside watched, and whom the candidate was compared with. */
function standing(look: Look, scale: number): string {
  const { elapsedMs, windowMs, extendMs, extended, readings, failures, requests, errors } = look;
  const longer = extended ? `, extended by ${plannedLabel(extendMs * scale, scale)}` : '';
  const blind = failures === 0 ? '' : `, the last ${failures} not measured (${look.lastFailure})`;
  const facts = [
    `watched ${formatDuration(elapsedMs)}, planned ${plannedLabel(windowMs * scale, scale)}${longer}`,
    `${readings} readings${blind}`,
    `${requests} requests, ${errors} with a 5xx`,
    splitWords(look),
    look.compared
      ? 'compared with the stable build over the same time'
      : 'no control: bands only, nothing to compare with',
  ];
  const drift = look.drift === null ? '' : ` **Changed meanwhile:** ${inline(look.drift)}.`;
  return `**${stateWord(look.state)}** (${facts.map(inline).join('; ')}).${drift}`;
}

function splitWords({ share, split }: Look): string {
  if (share === null) return 'all customers';
  if (split === null) return `${formatShare(share)} of customers`;
  const broken = split.mismatch ? `, **not split as configured**: ${split.words}` : '';
  return `${formatShare(split.observed)} of customers, ${formatShare(share)} configured${broken}`;
}

const largest = 10_000;

/** Evidence against what is needed: `31 of 20`; beyond ten thousand its size says enough. */
function evidenceWords(evidence: number, needed: number): string {
  const shown =
    evidence > largest
      ? `10^${Math.floor(Math.log10(evidence))}`
      : String(Number(evidence.toPrecision(2)));
  return `${shown} of ${needed}`;
}

const bandWord = ({ band }: LookMetric) => (band === 'green' ? band : `**${band}**`);

function metricsTable(metrics: readonly LookMetric[]): string {
  const columns: readonly (readonly [header: string, text: (metric: LookMetric) => string])[] = [
    ['Band', bandWord],
    ['Metric', ({ title }) => cell(title)],
    ['Role', ({ role }) => role],
    ['Limit', ({ limit }) => cell(limit ?? '')],
    ['n', ({ n, unit }) => `${n} ${cell(unit)}`],
    ['Bad', ({ bad }) => String(bad)],
    ['Share bad (95 % interval)', (metric) => cell(rateWords(metric))],
    ['Control', ({ control }) => (control === null ? '' : `${control.bad} of ${control.n}`)],
    ['Evidence for', (metric) => evidenceWords(metric.evidence, metric.evidenceNeeded)],
    [
      'Evidence against',
      (metric) => evidenceWords(metric.evidenceAgainst, metric.evidenceAgainstNeeded),
    ],
  ];
  // A release without a control has no column for it.
  const used = columns.filter(
    ([header, text]) => header !== 'Control' || metrics.some((metric) => text(metric) !== ''),
  );
  return markdownTable(
    used.map(([header]) => header),
    metrics.map((metric) => used.map(([, text]) => text(metric))),
  );
}

/** Nothing that went unjudged may look as if it were fine. */
function unjudged(metrics: readonly LookMetric[]): string | undefined {
  const open = metrics.filter(({ band }) => band === 'amber');
  if (open.length === 0) return undefined;
  const lines = open.map((metric) => {
    const holds = metric.role === 'guard' ? ' (guard: holds nothing)' : '';
    const why = metric.why ?? `${metric.n} ${metric.unit}, no proof`;
    return `- ${inline(metric.title)}${holds}: ${inline(why)}`;
  });
  return paragraphs('Could not be judged:', lines.join('\n'));
}

/** Aurora's own requests say something of the build and nothing of customers. */
function probed(metrics: readonly LookMetric[]): string | undefined {
  const own = metrics.filter(({ probes }) => probes > 0);
  if (own.length === 0) return undefined;
  const words = own.map(({ title, probes, n }) => `${inline(title)}: ${probes} of ${n} samples`);
  return `Asked by aurora itself, not by customers: ${words.join('; ')}.`;
}

const unknown = '-';

function boundsWords(bounds: readonly [number, number | null] | null | undefined): string {
  if (bounds === null || bounds === undefined) return unknown;
  const [low, high] = bounds;
  return high === null ? `above ${low} ms` : `${low} to ${high} ms`;
}

function quantilesTable(metrics: readonly LookMetric[]): string | undefined {
  const timed = metrics.filter(({ quantiles }) =>
    Object.values(quantiles).some((bounds) => bounds !== null),
  );
  if (timed.length === 0) return undefined;
  const names = [...new Set(timed.flatMap(({ quantiles }) => Object.keys(quantiles)))];
  return markdownTable(
    ['Latency, 95 % intervals', ...names],
    timed.map(({ title, quantiles }) => [
      cell(title),
      ...names.map((name) => boundsWords(quantiles[name])),
    ]),
  );
}

function aheadPart({ forecast, over }: LookAhead): string {
  const from = over === null ? '' : `, from ${over}`;
  return details(
    `What was foreseen before the first look${from}`,
    forecast.map(({ words }) => `- ${inline(words)}`).join('\n'),
  );
}
