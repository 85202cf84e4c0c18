import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CohortCounters, MetricsService } from '../../../src/services/metrics/metrics.ts';
import { conciergeLabels, conciergeNames } from '../../../src/services/metrics/names.ts';
import { openPrometheusMetrics } from '../../../src/services/metrics/prometheus.ts';
import { type Exporter, startExporter } from './support/exporter.ts';
import {
  hasPrometheus,
  type RunningPrometheus,
  startPrometheus,
} from './support/prometheus-process.ts';

const build = 'c'.repeat(64);
const products = '/api/concierge/products';
const signal = new AbortController().signal;

if (!hasPrometheus) console.log('skipped: there is no prometheus on PATH');

describe.skipIf(!hasPrometheus)('a real Prometheus', () => {
  let exporters: readonly [Exporter, Exporter];
  let server: RunningPrometheus;
  let metrics: MetricsService;
  let since: number;

  beforeAll(async () => {
    since = Date.now();
    exporters = [await startExporter(build), await startExporter(build)];
    server = await startPrometheus(exporters.map(({ instance }) => instance));
    metrics = openPrometheusMetrics({
      url: server.url,
      timeoutMs: 5_000,
      lagMs: 1_200,
      words: { names: conciergeNames, labels: conciergeLabels, environment: { job: 'concierge' } },
    });
  });
  afterAll(async () => {
    await server?.close();
    for (const exporter of exporters ?? []) await exporter.close();
  });

  /** The first reading that covers everything up to now and holds so many sessions. */
  async function covering(
    sessions: number,
    window: { since?: number } = { since },
  ): Promise<CohortCounters> {
    const now = Date.now();
    const query = { environment: 'production' as const, build, ...window };
    for (;;) {
      const counters = await metrics.read(query, signal).catch(() => null);
      const isWhole = counters !== null && counters.at >= now && counters.sessions.n >= sessions;
      if (isWhole) return counters;
      // The last word of a reading that never came to it.
      if (Date.now() > now + 10_000) return metrics.read(query, signal);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  const serve = (exporter: Exporter, n: number, status = 200, seconds = 0.1) => {
    for (let i = 0; i < n; i += 1) exporter.life().serve(products, status, seconds);
  };

  it('gives exact totals of two instances, with a restart of one in the middle', async () => {
    const [one, two] = exporters;
    serve(one, 40);
    serve(one, 3, 503, 0.4);
    serve(two, 20, 200, 0.5);
    one.life().rate('great');
    const before = await covering(63);
    expect(before).toMatchObject({ since, sessions: { n: 63, bad: 3 } });
    expect(before.endpoints[products]).toEqual({
      requests: 63,
      errors: 3,
      latency: [
        { leMs: 300, count: 40 },
        { leMs: 450, count: 43 },
        { leMs: Number.POSITIVE_INFINITY, count: 63 },
      ],
    });
    expect(before.csat).toEqual({ great: 1, needsFollowUp: 0 });

    // After the restart it has served more than before: no value ever falls.
    one.restart();
    serve(one, 57);
    serve(one, 4, 500);
    one.life().rate('needs_follow_up');
    serve(two, 5);
    const after = await covering(129);
    expect(after.endpoints[products]).toMatchObject({ requests: 129, errors: 7 });
    expect(after.sessions).toEqual({ n: 129, bad: 7 });
    expect(after.csat).toEqual({ great: 1, needsFollowUp: 1 });

    // A window that begins here leaves out all of that, and counts what comes.
    const middle = Date.now();
    await covering(0, { since: middle });
    serve(two, 11, 502);
    const late = await covering(11, { since: middle });
    expect(late.endpoints[products]).toMatchObject({ requests: 11, errors: 11 });
    expect(late.endpoints[products]?.latency.at(-1)?.count).toBe(11);

    // Without a beginning: what the processes that run now have counted.
    expect(await covering(97, {})).toMatchObject({ sessions: { n: 97, bad: 15 } });
    expect(
      (await metrics.traffic({ environment: 'production', build }, signal)).counts,
    ).toMatchObject({ sessions: { n: 140, bad: 18 } });
  });

  it('keeps what an instance that has gone did, and is no data once nobody is scraped', async () => {
    const [one, two] = exporters;
    const before = await covering(140);
    await two.close();
    serve(one, 2);
    const after = await covering(before.sessions.n + 2);
    expect(after.sessions.n).toBe(before.sessions.n + 2);
    await one.close();
    await expect
      .poll(
        () =>
          metrics.read({ environment: 'production', build, since }, signal).then(
            () => 'read',
            (error) => error.code,
          ),
        { timeout: 10_000 },
      )
      .toBe('NO_DATA');
  });

  it('does not know a build that nobody counts', async () => {
    const query = { environment: 'production' as const, build: 'd'.repeat(64), since };
    await expect(metrics.read(query, signal)).rejects.toMatchObject({ code: 'NO_DATA' });
    expect(await metrics.health(signal)).toMatchObject({ ok: true });
  });
});
