import { AuroraError, messageOf } from '../../base/errors.ts';
import { shortDigest } from '../../proof/digest.ts';
import type { ServiceHealth } from '../health.ts';
import { countsOf } from './cohort.ts';
import type { CohortQuery, MetricsService } from './metrics.ts';
import { usableNames } from './names.ts';
import {
  openPrometheusApi,
  type PrometheusAddress,
  type PrometheusApi,
  type RawSeries,
} from './prometheus-api.ts';
import { examinePrometheus } from './prometheus-health.ts';
import { MissingMetrics } from './prometheus-missing.ts';
import { buildSelector, type PrometheusWords, samplesOf } from './prometheus-words.ts';
import { countNow, countWindow, type WindowCount } from './window.ts';

/** A Prometheus server, what it calls things, and how late it knows them. */
export interface PrometheusSettings extends PrometheusAddress {
  readonly words: PrometheusWords;
  /** From a request until a scrape has it and can be queried: interval and ingestion, milliseconds. */
  readonly lagMs: number;
}

const hourMs = 3_600_000;
/** How far before a window the last scrape is looked for: as far as Prometheus itself looks back. */
const lookbackMs = 300_000;
/** Samples of longer windows are fetched in pieces: no single answer grows with the window. */
const pieceMs = hourMs;

/** The server's clock beside ours, milliseconds. */
interface ServerTime {
  readonly now: number;
  /** What is added to our time to get the server's. */
  readonly ahead: number;
}

/** Asks the server for its time: its samples are stamped by its clock and not by ours. */
export async function serverTime(api: PrometheusApi, signal: AbortSignal): Promise<ServerTime> {
  const asked = Date.now();
  const seconds = await api.scalar('time()', signal);
  if (seconds === null) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', 'Prometheus does not know the time');
  }
  const now = seconds * 1_000;
  return { now, ahead: Math.round(now - (asked + Date.now()) / 2) };
}

function joined(pieces: readonly (readonly RawSeries[])[]): readonly RawSeries[] {
  const byLabels = new Map<
    string,
    { labels: RawSeries['labels']; samples: RawSeries['samples'] }
  >();
  for (const one of pieces.flat()) {
    const key = JSON.stringify(Object.entries(one.labels).sort(([x], [y]) => (x < y ? -1 : 1)));
    const known = byLabels.get(key);
    if (known === undefined) byLabels.set(key, { ...one });
    else known.samples = [...known.samples, ...one.samples];
  }
  return [...byLabels.values()];
}

class PrometheusMetrics implements MetricsService {
  readonly label: string;
  readonly lagMs: number;
  readonly #settings: PrometheusSettings;
  readonly #api: PrometheusApi;
  readonly #missing: MissingMetrics;

  constructor(settings: PrometheusSettings) {
    this.#settings = settings;
    this.#api = openPrometheusApi(settings);
    this.#missing = new MissingMetrics(this.#api, settings.words);
    this.label = `prometheus ${settings.url}`;
    this.lagMs = settings.lagMs;
  }

  async read(query: CohortQuery, signal: AbortSignal) {
    const time = await serverTime(this.#api, signal);
    const end = this.#endOf(query, time);
    const since = query.since === undefined ? undefined : query.since + time.ahead;
    const counted = await this.#count(query.build, since, end, signal);
    const at = Math.round(end - time.ahead);
    // Resets within the window are taken care of: it is one count, whatever restarted meanwhile.
    if (query.since !== undefined) {
      return { at, since: query.since, epoch: 'history', ...(await this.#counts(counted, signal)) };
    }
    return { at, epoch: counted.epoch, ...(await this.#counts(counted, signal)) };
  }

  async traffic(query: CohortQuery, signal: AbortSignal) {
    const time = await serverTime(this.#api, signal);
    const end = this.#endOf({ ...query, until: Number.POSITIVE_INFINITY }, time);
    const counted = await this.#count(query.build, end - hourMs, end, signal);
    const durationMs = Math.max(1, end - counted.from);
    const whole = durationMs > hourMs - lookbackMs;
    const over = whole
      ? 'the last hour'
      : 'the time since its first process of the last hour began';
    return { counts: await this.#counts(counted, signal), durationMs, over };
  }

  async health(signal: AbortSignal): Promise<ServiceHealth> {
    try {
      const { ahead } = await serverTime(this.#api, signal);
      return await examinePrometheus(this.#api, this.#settings.words, ahead, signal);
    } catch (error) {
      const remedy = error instanceof AuroraError ? error.remedy : undefined;
      return { ok: false, detail: messageOf(error), ...(remedy === undefined ? {} : { remedy }) };
    }
  }

  /** Until when everything can be known already, on the server's clock. */
  #endOf({ until }: CohortQuery, { now, ahead }: ServerTime): number {
    return Math.min(until === undefined ? now : until + ahead, now - this.lagMs);
  }

  async #counts({ grown }: WindowCount, signal: AbortSignal) {
    const samples = samplesOf(grown, this.#settings.words);
    return countsOf(await this.#missing.completed(samples, signal));
  }

  async #count(
    build: string,
    since: number | undefined,
    end: number,
    signal: AbortSignal,
  ): Promise<WindowCount> {
    const { words } = this.#settings;
    const from = Math.min(since ?? end, end) - lookbackMs;
    const series = await this.#fetch(buildSelector(words, build), from, end + this.lagMs, signal);
    const { start } = words.names;
    const counted =
      since === undefined
        ? countNow(series, end, start)
        : countWindow(series, { since, until: Math.max(since, end) }, start);
    this.#assertFresh(build, series, counted, end);
    // The window has not begun as far as the scrapes reach: nothing was counted in it yet.
    if (since === undefined || end > since) return counted;
    return { ...counted, grown: counted.grown.map(({ labels }) => ({ labels, value: 0 })) };
  }

  /** Counters that nobody scrapes any more stand still, which must not pass for quiet customers. */
  #assertFresh(
    build: string,
    series: readonly RawSeries[],
    { newest }: WindowCount,
    end: number,
  ): void {
    const where = this.label;
    if (series.every(({ samples }) => samples.length === 0)) {
      const words = `it has no sample of build ${shortDigest(build)}`;
      throw new AuroraError('NO_DATA', words, { where });
    }
    if (newest >= end) return;
    const age = Math.ceil((end + this.lagMs - newest) / 1_000);
    throw new AuroraError(
      'NO_DATA',
      `the newest sample of build ${shortDigest(build)} is ${age} s old`,
      {
        where,
        remedy: 'See that its targets are scraped, and set `lag` longer than the scrape interval.',
      },
    );
  }

  async #fetch(selector: string, from: number, to: number, signal: AbortSignal) {
    const pieces: (readonly RawSeries[])[] = [];
    for (let begin = from; begin < to; begin += pieceMs) {
      const end = Math.min(begin + pieceMs, to);
      pieces.push(await this.#api.raw(selector, begin, end, signal));
    }
    return joined(pieces);
  }
}

/**
 * Counts of one build in a Prometheus server, window by window, exactly: from the stored samples, so
 * that nothing is extrapolated and resets of several instances are seen. Calls throw SERVICE_* or
 * NO_DATA, or the signal's reason.
 */
export function openPrometheusMetrics(settings: PrometheusSettings): MetricsService {
  const names = usableNames(settings.words.names);
  return new PrometheusMetrics({ ...settings, words: { ...settings.words, names } });
}
