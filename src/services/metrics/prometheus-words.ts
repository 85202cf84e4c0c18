import type { CohortMetric, CohortSamples, CountedSample } from './cohort.ts';
import type { LabelNames, MetricNames } from './names.ts';
import type { Grown } from './window.ts';

/** How a company's Prometheus names what aurora reads. */
export interface PrometheusWords {
  readonly names: MetricNames;
  readonly labels: LabelNames;
  /** Labels that every series of this environment has. */
  readonly environment: Readonly<Record<string, string>>;
}

const cohortMetrics: readonly CohortMetric[] = [
  'requests',
  'durations',
  'sessions',
  'badSessions',
  'csat',
  'endpointSessions',
  'endpointBadSessions',
  'endpointSlowSessions',
];

/** The name of a metric's series; null where the source has none. */
export function seriesName(metric: CohortMetric, names: MetricNames): string | null {
  const name = names[metric];
  return metric === 'durations' && name !== null ? `${name}_bucket` : name;
}

/** Label matchers of PromQL. A label's value as JSON is also a string of PromQL. */
function matchers(equal: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(equal).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
}

/** Selects every series that is read of one build. */
export function buildSelector({ names, labels, environment }: PrometheusWords, build: string) {
  const wanted = [...cohortMetrics.map((metric) => seriesName(metric, names)), names.start];
  const pattern = wanted.filter((name) => name !== null).join('|');
  const equal = matchers({ [labels.build]: build, ...environment });
  return `{__name__=~${JSON.stringify(pattern)},${equal.join(',')}}`;
}

/** Selects the series of a metric in this environment, of whatever build; or those with a build. */
export function metricSelector(
  { labels, environment }: PrometheusWords,
  name: string,
  withBuild: boolean,
): string {
  const equal = [...matchers(environment), ...(withBuild ? [`${labels.build}!=""`] : [])];
  return `${name}{${equal.join(',')}}`;
}

/** What was counted, by metric and under the concierge's labels. Undefined: no series of it. */
export function samplesOf(grown: readonly Grown[], words: PrometheusWords): CohortSamples {
  const byName = new Map<string, CountedSample[]>();
  for (const { labels, value } of grown) {
    const name = labels.__name__ ?? '';
    const sample = { labels: canonical(labels, words.labels), value };
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [sample]);
    else known.push(sample);
  }
  const of = (metric: CohortMetric) => byName.get(seriesName(metric, words.names) ?? '');
  return {
    requests: of('requests'),
    durations: of('durations'),
    sessions: of('sessions'),
    badSessions: of('badSessions'),
    csat: of('csat'),
    endpointSessions: of('endpointSessions'),
    endpointBadSessions: of('endpointBadSessions'),
    endpointSlowSessions: of('endpointSlowSessions'),
  };
}

function canonical(
  labels: Readonly<Record<string, string>>,
  names: LabelNames,
): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [word, name] of Object.entries({ ...names, le: 'le' })) {
    const value = labels[name];
    if (value !== undefined) found[word] = value;
  }
  return found;
}
