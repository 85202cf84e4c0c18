import { AuroraError } from '../../base/errors.ts';
import type { CohortMetric, CohortSamples } from './cohort.ts';
import type { PrometheusApi } from './prometheus-api.ts';
import { metricSelector, type PrometheusWords, seriesName } from './prometheus-words.ts';

/** Without these a part of the cohort cannot be counted; the sessions of an endpoint are extra. */
const wanted = ['requests', 'durations', 'sessions', 'badSessions', 'csat'] as const;

function invalid(words: string, remedy: string): AuroraError {
  return new AuroraError('SERVICE_ANSWER_INVALID', words, { remedy });
}

const namesRemedy = 'Correct it under `names` of these metrics; null says that nobody counts it.';

async function isDeclared(api: PrometheusApi, name: string, signal: AbortSignal): Promise<boolean> {
  const family = name.replace(/_bucket$/, '');
  // OpenMetrics declares a counter without its suffix.
  const forms = [...new Set([family, family.replace(/_total$/, '')])];
  const answers = await Promise.all(forms.map((form) => api.declares(form, signal)));
  return answers.includes(true);
}

/**
 * Whether a metric without a series of the build is known here all the same, so that none means zero.
 * Throws SERVICE_ANSWER_INVALID when nobody counts it, or not by build.
 */
export async function assertKnown(
  api: PrometheusApi,
  words: PrometheusWords,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const [all, byBuild] = await Promise.all(
    [false, true].map((withBuild) =>
      api.scalar(`count(${metricSelector(words, name, withBuild)})`, signal),
    ),
  );
  if ((byBuild ?? 0) > 0) return;
  if ((all ?? 0) > 0) {
    throw invalid(`${name} has no label ${words.labels.build}`, 'Count it by build.');
  }
  if (await isDeclared(api, name, signal)) return;
  throw invalid(`Prometheus knows no ${name}`, namesRemedy);
}

/** Makes sure, once for each name, that what has no series yet is nevertheless counted. */
export class MissingMetrics {
  readonly #known = new Set<string>();
  readonly #api: PrometheusApi;
  readonly #words: PrometheusWords;

  constructor(api: PrometheusApi, words: PrometheusWords) {
    this.#api = api;
    this.#words = words;
  }

  /** The samples with an empty list where a known metric counted nothing of this build yet. */
  async completed(samples: CohortSamples, signal: AbortSignal): Promise<CohortSamples> {
    this.#assertBadSessions(samples);
    const missing = wanted.filter((metric) => samples[metric] === undefined);
    const empty = await Promise.all(missing.map((metric) => this.#emptyOf(metric, signal)));
    return { ...samples, ...Object.fromEntries(missing.map((metric, at) => [metric, empty[at]])) };
  }

  async #emptyOf(metric: CohortMetric, signal: AbortSignal): Promise<[] | undefined> {
    const name = seriesName(metric, this.#words.names);
    if (name === null) return undefined;
    if (!this.#known.has(name)) await assertKnown(this.#api, this.#words, name, signal);
    this.#known.add(name);
    return [];
  }

  /** Sessions without the counter of the bad ones would all look good. */
  #assertBadSessions({ sessions, badSessions }: CohortSamples): void {
    const { badSessions: name } = this.#words.names;
    if (name === null || sessions === undefined || badSessions !== undefined) return;
    throw invalid(
      `this build counts sessions and has no ${name}`,
      'Export the counter from the start, at zero.',
    );
  }
}
