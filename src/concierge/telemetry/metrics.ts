import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type Point, PointStore, summarise } from './points.ts';
import { SessionCensus, slowBounds } from './session-census.ts';
import { addSessionCounters } from './session-counters.ts';

/** An answered request of a customer. */
export interface Measured extends Point {
  /** Null when the request named no session. */
  readonly sessionId: string | null;
}

/** In seconds. The service levels' bounds are among them, so that shares can be read exactly. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, ...slowBounds, 1, 2, 5];

/** Everything the concierge counts of itself. One instance for each running server. */
export class Metrics {
  readonly points = new PointStore();
  readonly #registry = new Registry();
  readonly #census = new SessionCensus();
  readonly #requests: Counter<'endpoint' | 'status'>;
  readonly #durations: Histogram<'endpoint'>;
  readonly #probes: Counter<'endpoint' | 'status'>;
  readonly #csat: Counter<'rating'>;
  #errors = 0;

  constructor(build: string) {
    this.#registry.setDefaultLabels({ build });
    const registers = [this.#registry];
    this.#requests = new Counter({
      name: 'concierge_http_requests_total',
      help: 'Answered requests of customers.',
      labelNames: ['endpoint', 'status'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'concierge_http_request_duration_seconds',
      help: 'Time from the first byte in to the last byte out.',
      labelNames: ['endpoint'],
      buckets,
      registers,
    });
    this.#probes = new Counter({
      name: 'concierge_probe_requests_total',
      help: "Answered requests of aurora's own; counted nowhere else.",
      labelNames: ['endpoint', 'status'],
      registers,
    });
    this.#csat = new Counter({
      name: 'concierge_csat_total',
      help: 'Ratings, each session once.',
      labelNames: ['rating'],
      registers,
    });
    this.#csat.inc({ rating: 'great' }, 0);
    this.#csat.inc({ rating: 'needs_follow_up' }, 0);
    addSessionCounters(this.#registry, this.#census);
    this.#addGauges();
  }

  answered(request: Measured): void {
    const { endpoint, statusCode, duration, sessionId } = request;
    const failed = statusCode >= 500;
    this.#requests.inc({ endpoint, status: String(statusCode) });
    this.#durations.observe({ endpoint }, duration / 1_000);
    this.points.add({
      timestamp: request.timestamp,
      endpoint,
      method: request.method,
      statusCode,
      duration,
    });
    if (failed) this.#errors += 1;
    if (sessionId !== null) this.#census.count(sessionId, endpoint, failed, duration);
  }

  /** An answered request of aurora's own. */
  probed(endpoint: string, statusCode: number): void {
    this.#probes.inc({ endpoint, status: String(statusCode) });
  }

  rated(rating: 'great' | 'needs_follow_up'): void {
    this.#csat.inc({ rating });
  }

  /** The text that Prometheus reads. */
  prometheus(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  #addGauges(): void {
    const recent = () => summarise(this.points.list(Date.now()));
    const startedAt = Date.now() / 1_000 - process.uptime();
    this.#gauge('concierge_process_start_time_seconds', 'Start of the process.', () => startedAt);
    this.#gauge('concierge_api_latency_p50', 'ms, recent requests', () => recent().latency.p50);
    this.#gauge('concierge_api_latency_p95', 'ms, recent requests', () => recent().latency.p95);
    this.#gauge('concierge_api_latency_p99', 'ms, recent requests', () => recent().latency.p99);
    this.#gauge('concierge_api_errors_total', 'Server errors so far.', () => this.#errors);
    this.#gauge('concierge_api_error_rate', 'Recent share, 0 to 1.', () => recent().errors.rate);
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}
