import { Counter, Registry } from 'prom-client';
import {
  CustomerCounters,
  type CustomerSummary,
  type DetectedVia,
  type Detection,
  type Rating,
} from './customer-counters.ts';
import { DatabaseMetrics, type DatabaseSummary } from './database-metrics.ts';
import type { Point, Summary } from './points.ts';
import { addUsage, ProcessUsage, type UsageSummary } from './process-usage.ts';
import { RequestMetrics } from './request-metrics.ts';
import { SessionCensus } from './session-census.ts';
import { addSessionCounters } from './session-counters.ts';

/** An answered request of a customer. */
export interface Measured extends Point {
  /** Null when the request named no session. */
  readonly sessionId: string | null;
}

/** The key metrics, as `format=summary` answers them. */
export interface KeyMetrics extends CustomerSummary {
  /** By route path, of the last requests. */
  readonly summary: Readonly<Record<string, Summary>>;
  readonly database: DatabaseSummary;
  readonly process: UsageSummary;
}

/** Everything the concierge counts of itself. One instance for each running server. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #census = new SessionCensus();
  readonly #requests = new RequestMetrics(this.#registry);
  readonly #customers = new CustomerCounters(this.#registry);
  readonly #database = new DatabaseMetrics(this.#registry);
  readonly #usage = new ProcessUsage();
  readonly #probes: Counter<'endpoint' | 'status'>;
  readonly #invalid: Counter<'event'>;

  constructor(build: string) {
    this.#registry.setDefaultLabels({ build });
    const registers = [this.#registry];
    this.#probes = new Counter({
      name: 'concierge_probe_requests_total',
      help: "Answered requests of aurora's own; counted nowhere else.",
      labelNames: ['endpoint', 'status'],
      registers,
    });
    this.#invalid = new Counter({
      name: 'concierge_events_invalid_total',
      help: 'Events that did not fit the catalogue and were left out.',
      labelNames: ['event'],
      registers,
    });
    addSessionCounters(this.#registry, this.#census);
    addUsage(this.#registry, this.#usage);
  }

  answered({ sessionId, ...point }: Measured): void {
    const { endpoint, statusCode, duration, timestamp } = point;
    this.#requests.answered(point);
    this.#usage.answered(timestamp);
    if (sessionId !== null) this.#census.count(sessionId, endpoint, statusCode >= 500, duration);
  }

  /** An answered request of aurora's own. */
  probed(endpoint: string, statusCode: number): void {
    this.#probes.inc({ endpoint, status: String(statusCode) });
  }

  rated(rating: Rating): void {
    this.#customers.rated(rating);
  }

  /** A page was given the widget. */
  widgetShown(): void {
    this.#customers.shown();
  }

  /** A customer opened it. */
  widgetOpened(): void {
    this.#customers.opened();
  }

  /** An intent was looked for in a sentence. */
  intentDetected(via: DetectedVia, outcome: Detection): void {
    this.#customers.detected(via, outcome);
  }

  /** An event did not fit the catalogue; `event` is a name of the catalogue, or `unknown`. */
  eventInvalid(event: string): void {
    this.#invalid.inc({ event });
  }

  /** The storage was asked; `duration` in milliseconds. */
  databaseAsked(operation: string, duration: number, failed: boolean): void {
    this.#database.asked(operation, duration, failed);
  }

  /** The last thousand requests of the last hour, oldest first. `now` in milliseconds. */
  points(now: number): readonly Point[] {
    return this.#requests.points(now);
  }

  /** `now` in milliseconds. */
  keyMetrics(now: number): KeyMetrics {
    return {
      summary: this.#requests.byEndpoint(now),
      ...this.#customers.summary,
      database: this.#database.summary,
      process: this.#usage.summary,
    };
  }

  /** The text that Prometheus reads. */
  prometheus(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
