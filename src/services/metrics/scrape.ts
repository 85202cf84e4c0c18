import { AuroraError } from '../../base/errors.ts';
import { type CohortSamples, countsOf } from './cohort.ts';
import type { CohortCounters } from './metrics.ts';
import { conciergeNames } from './names.ts';
import type { PrometheusSample, PrometheusText } from './prometheus-text.ts';

/** The samples of one build; undefined when the metric is not even declared. */
function find(
  text: PrometheusText,
  name: string,
  build: string,
): readonly PrometheusSample[] | undefined {
  const family = name.replace(/_bucket$/, '');
  const found = text.samples.get(name);
  if (found === undefined && !text.declared.has(family)) return undefined;
  const own = (found ?? []).filter(({ labels }) => labels.build === build);
  if (found !== undefined && found.length > 0 && own.length === 0) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', `${family} is counted for another build`);
  }
  return own;
}

/** As above; a metric that is not declared is missing, not zero. */
function pick(text: PrometheusText, name: string, build: string): readonly PrometheusSample[] {
  const own = find(text, name, build);
  if (own !== undefined) return own;
  const family = name.replace(/_bucket$/, '');
  throw new AuroraError('SERVICE_ANSWER_INVALID', `the metrics hold no ${family}`);
}

/** The counters of one build in a scrape of its slot; SERVICE_ANSWER_INVALID when one is missing. */
export function scrapedCounters(text: PrometheusText, build: string, at: number): CohortCounters {
  const names = conciergeNames;
  const start = pick(text, names.start, build)[0];
  if (start === undefined) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', `the metrics hold no ${names.start}`);
  }
  const samples: CohortSamples = {
    requests: pick(text, names.requests, build),
    durations: pick(text, `${names.durations}_bucket`, build),
    sessions: pick(text, names.sessions, build),
    badSessions: pick(text, names.badSessions, build),
    csat: pick(text, names.csat, build),
    // Older builds do not count these.
    endpointSessions: find(text, names.endpointSessions, build),
    endpointBadSessions: find(text, names.endpointBadSessions, build),
    endpointSlowSessions: find(text, names.endpointSlowSessions, build),
  };
  return { at, epoch: String(start.value), ...countsOf(samples) };
}
