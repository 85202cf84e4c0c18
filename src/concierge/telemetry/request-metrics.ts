import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { addGauge } from './gauges.ts';
import { type Point, PointStore, type Summary, summarise, summariseByEndpoint } from './points.ts';
import { slowBounds } from './session-census.ts';

/** In seconds. The service levels' bounds are among them, so that shares can be read exactly. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, ...slowBounds, 1, 2, 5];
const quantiles = [
  ['0.5', 'p50'],
  ['0.95', 'p95'],
  ['0.99', 'p99'],
] as const;
/** One scrape reads the same summaries several times. */
const freshMs = 50;

/** Counts answered requests by endpoint and status, and sums up the recent ones. */
export class RequestMetrics {
  readonly #points = new PointStore();
  readonly #requests: Counter<'endpoint' | 'status'>;
  readonly #durations: Histogram<'endpoint' | 'status'>;
  readonly #failures: Counter<'endpoint'>;
  readonly #seen = new Set<string>();
  #errors = 0;
  #read: { readonly at: number; readonly all: Summary; readonly each: Record<string, Summary> } = {
    at: Number.NEGATIVE_INFINITY,
    all: summarise([]),
    each: {},
  };

  constructor(registry: Registry) {
    const registers = [registry];
    const labelNames = ['endpoint', 'status'] as const;
    this.#requests = new Counter({
      name: 'concierge_http_requests_total',
      help: 'Answered requests of customers.',
      labelNames,
      registers,
    });
    this.#durations = new Histogram({
      name: 'concierge_http_request_duration_seconds',
      help: 'Time from the first byte in to the last byte out.',
      labelNames,
      buckets,
      registers,
    });
    this.#failures = new Counter({
      name: 'concierge_endpoint_errors_total',
      help: 'Server errors so far, by endpoint.',
      labelNames: ['endpoint'],
      registers,
    });
    this.#addRecent(registry);
  }

  answered(point: Point): void {
    const { endpoint, statusCode, duration } = point;
    const labels = { endpoint, status: String(statusCode) };
    this.#requests.inc(labels);
    this.#durations.observe(labels, duration / 1_000);
    this.#points.add(point);
    const failed = statusCode >= 500;
    if (failed) this.#errors += 1;
    // Once with zero: a counter that appears with its first failure hides it from differences.
    if (failed || !this.#seen.has(endpoint)) this.#failures.inc({ endpoint }, failed ? 1 : 0);
    this.#seen.add(endpoint);
  }

  /** The last requests, oldest first. */
  points(now: number): readonly Point[] {
    return this.#points.list(now);
  }

  /** The same, summed up by route path. */
  byEndpoint(now: number): Record<string, Summary> {
    return summariseByEndpoint(this.#points.list(now));
  }

  #recent() {
    const now = Date.now();
    if (now - this.#read.at > freshMs) {
      const points = this.#points.list(now);
      this.#read = { at: now, all: summarise(points), each: summariseByEndpoint(points) };
    }
    return this.#read;
  }

  #addRecent(registry: Registry): void {
    for (const [, name] of quantiles) {
      addGauge(registry, `concierge_api_latency_${name}`, 'ms, recent requests', () => {
        return this.#recent().all.latency[name];
      });
    }
    addGauge(registry, 'concierge_api_errors_total', 'Server errors so far.', () => this.#errors);
    addGauge(registry, 'concierge_api_error_rate', 'Recent share, 0 to 1.', () => {
      return this.#recent().all.errors.rate;
    });
    const recent = () => this.#recent();
    new Gauge({
      name: 'concierge_endpoint_latency_milliseconds',
      help: 'Recent requests of an endpoint.',
      labelNames: ['endpoint', 'quantile'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [endpoint, { latency }] of Object.entries(recent().each)) {
          for (const [quantile, name] of quantiles) this.set({ endpoint, quantile }, latency[name]);
        }
      },
    });
  }
}
