import { describe, expect, it } from 'vitest';
import { Metrics } from '../../../src/concierge/telemetry/metrics.ts';
import { ProcessUsage } from '../../../src/concierge/telemetry/process-usage.ts';

const build = 'a'.repeat(64);
const products = '/api/support/products';

/** Line without its value -> value. */
async function samples(metrics: Metrics): Promise<ReadonlyMap<string, number>> {
  const lines = (await metrics.prometheus()).split('\n').filter((line) => !/^(#|$)/.test(line));
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))];
    }),
  );
}

function answer(metrics: Metrics, endpoint: string, statusCode: number, duration: number): void {
  const timestamp = Date.now();
  const sessionId = `sess_${Math.random()}`;
  metrics.answered({ timestamp, endpoint, method: 'POST', statusCode, duration, sessionId });
}

describe('requests', () => {
  it('fill a histogram by build, endpoint and status', async () => {
    const metrics = new Metrics(build);
    answer(metrics, products, 200, 250);
    answer(metrics, products, 200, 310);
    answer(metrics, products, 503, 10);
    const at = await samples(metrics);
    const name = 'concierge_http_request_duration_seconds';
    const labels = (status: number) => `build="${build}",endpoint="${products}",status="${status}"`;
    expect(at.get(`${name}_bucket{le="0.3",${labels(200)}}`)).toBe(1);
    expect(at.get(`${name}_bucket{le="+Inf",${labels(200)}}`)).toBe(2);
    expect(at.get(`${name}_sum{${labels(200)}}`)).toBeCloseTo(0.56);
    expect(at.get(`${name}_count{${labels(503)}}`)).toBe(1);
  });
  it('are summed up by endpoint: latency, and server errors alone', async () => {
    const metrics = new Metrics(build);
    for (let ms = 1; ms <= 100; ms += 1) answer(metrics, products, ms > 98 ? 500 : 404, ms);
    answer(metrics, '/api/analytics/csat', 200, 7);
    const { summary } = metrics.keyMetrics(Date.now());
    expect(summary[products]).toEqual({
      latency: { count: 100, p50: 50, p95: 95, p99: 99, avg: 50.5 },
      errors: { count: 2, rate: 0.02 },
    });
    const at = await samples(metrics);
    const of = (quantile: string) =>
      at.get(
        `concierge_endpoint_latency_milliseconds{endpoint="${products}",quantile="${quantile}",build="${build}"}`,
      );
    expect(['0.5', '0.95', '0.99'].map(of)).toEqual([50, 95, 99]);
    expect(at.get(`concierge_endpoint_errors_total{endpoint="${products}",build="${build}"}`)).toBe(
      2,
    );
  });
});

describe('customers', () => {
  it('are shares of what happened, and of nothing no share at all', async () => {
    const metrics = new Metrics(build);
    expect(metrics.keyMetrics(0)).toMatchObject({
      widget: { shown: 0, opened: 0, openRate: null },
      intents: { successRate: null },
      csat: { negativeShare: null, meanScore: null },
    });
    const nothing = await samples(metrics);
    expect(nothing.get(`concierge_widget_open_rate{build="${build}"}`)).toBeNaN();
    for (let n = 0; n < 4; n += 1) metrics.widgetShown();
    metrics.widgetOpened();
    metrics.intentDetected('model', 'detected');
    metrics.intentDetected('rules', 'detected');
    metrics.intentDetected('rules', 'none');
    metrics.intentDetected('rules', 'none');
    metrics.rated('great');
    metrics.rated('needs_follow_up');
    expect(metrics.keyMetrics(0)).toMatchObject({
      widget: { shown: 4, opened: 1, openRate: 0.25 },
      intents: { detected: 2, none: 2, successRate: 0.5 },
      csat: { great: 1, needsFollowUp: 1, negativeShare: 0.5, meanScore: 3.5 },
    });
    const at = await samples(metrics);
    const of = (name: string, labels = '') => at.get(`${name}{${labels}build="${build}"}`);
    expect(of('concierge_widget_opens_total')).toBe(1);
    expect(of('concierge_widget_shown_total')).toBe(4);
    expect(of('concierge_intent_detections_total', 'via="rules",outcome="none",')).toBe(2);
    expect(of('concierge_intent_detections_total', 'via="model",outcome="none",')).toBe(0);
    expect(of('concierge_intent_success_rate')).toBe(0.5);
  });
});

describe('the storage', () => {
  it('is timed by operation, and its failures are counted', async () => {
    const metrics = new Metrics(build);
    metrics.databaseAsked('findOrder', 4, false);
    metrics.databaseAsked('findOrder', 40, true);
    expect(metrics.keyMetrics(0).database).toEqual({
      count: 2,
      errors: 1,
      p50: 4,
      p95: 40,
      p99: 40,
    });
    const at = await samples(metrics);
    const bucket = 'concierge_database_query_duration_seconds_bucket';
    expect(at.get(`${bucket}{le="0.005",build="${build}",operation="findOrder"}`)).toBe(1);
    expect(at.get(`concierge_database_errors_total{operation="findOrder",build="${build}"}`)).toBe(
      1,
    );
  });
});

describe('the process', () => {
  it('tells the names that every service of Node has', async () => {
    const at = await samples(new Metrics(build));
    const label = `{build="${build}"}`;
    expect(at.get(`process_resident_memory_bytes${label}`)).toBeGreaterThan(1e6);
    expect(at.get(`nodejs_heap_size_used_bytes${label}`)).toBeGreaterThan(1e6);
    expect(at.get(`process_cpu_seconds_total${label}`)).toBeGreaterThan(0);
  });
  it('counts the requests of the last 60 full seconds', () => {
    let now = 600_000;
    const usage = new ProcessUsage(
      () => now,
      () => 0,
    );
    for (; now < 700_000; now += 100) usage.answered(now);
    expect(usage.requestsPerMinute).toBe(600);
    now += 30_000;
    expect(usage.requestsPerMinute).toBe(300);
    now += 60_000;
    expect(usage.requestsPerMinute).toBe(0);
  });
  it('takes the processor share over the last minute', () => {
    let now = 0;
    let spent = 0;
    const usage = new ProcessUsage(
      () => now,
      () => spent,
    );
    const run = (ms: number, share: number) => {
      for (let passed = 0; passed < ms; passed += 1_000) {
        now += 1_000;
        spent += 1_000 * share;
        usage.answered(now);
      }
    };
    run(120_000, 0.1);
    expect(usage.cpuShare).toBeCloseTo(0.1);
    run(30_000, 0.9);
    expect(usage.cpuShare).toBeCloseTo(0.5, 1);
    run(60_000, 0.9);
    expect(usage.cpuShare).toBeCloseTo(0.9, 1);
  });
});

describe('a scrape', () => {
  it('does not read the sessions one by one: it costs the same whatever their number', async () => {
    const endpoints = Array.from({ length: 18 }, (_, n) => `/api/${n}`);
    const filled = (sessions: number) => {
      const metrics = new Metrics(build);
      for (let n = 0; n < sessions; n += 1) {
        const endpoint = endpoints[n % 18] ?? '';
        const [statusCode, duration] = [n % 7 === 0 ? 500 : 200, n % 900];
        const sessionId = `sess_${n}`;
        metrics.answered({
          timestamp: n,
          endpoint,
          method: 'POST',
          statusCode,
          duration,
          sessionId,
        });
      }
      return metrics;
    };
    const few = filled(2_000);
    const many = filled(100_000);
    const fastest = { few: Number.POSITIVE_INFINITY, many: Number.POSITIVE_INFINITY };
    for (let round = 0; round < 9; round += 1) {
      for (const [name, metrics] of Object.entries({ few, many })) {
        const began = performance.now();
        await metrics.prometheus();
        const took = performance.now() - began;
        if (name === 'few' || name === 'many') fastest[name] = Math.min(fastest[name], took);
      }
    }
    expect(fastest.many / fastest.few).toBeLessThan(3);
  });
});
