import { Counter, Histogram, type Registry } from 'prom-client';
import { percentile, rounded } from './points.ts';

/** Latencies of the last queries in milliseconds; counts since the start. */
export interface DatabaseSummary {
  readonly count: number;
  readonly errors: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const remembered = 1_000;

/** How long the storage takes, by operation of the store. */
export class DatabaseMetrics {
  readonly #durations: Histogram<'operation'>;
  readonly #failures: Counter<'operation'>;
  /** The last thousand, in milliseconds; older ones are written over. */
  readonly #recent = new Float64Array(remembered);
  #count = 0;
  #errors = 0;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#durations = new Histogram({
      name: 'concierge_database_query_duration_seconds',
      help: 'Time until the storage answered, by what was asked.',
      labelNames: ['operation'],
      buckets,
      registers,
    });
    this.#failures = new Counter({
      name: 'concierge_database_errors_total',
      help: 'Questions that the storage failed to answer.',
      labelNames: ['operation'],
      registers,
    });
  }

  /** Takes in a question to the storage; `duration` in milliseconds. */
  asked(operation: string, duration: number, failed: boolean): void {
    this.#durations.observe({ operation }, duration / 1_000);
    this.#failures.inc({ operation }, failed ? 1 : 0);
    this.#recent[this.#count % remembered] = duration;
    this.#count += 1;
    if (failed) this.#errors += 1;
  }

  get summary(): DatabaseSummary {
    const recent = this.#recent.slice(0, Math.min(this.#count, remembered)).sort();
    const at = (share: number) => rounded(percentile(recent, share));
    return { count: this.#count, errors: this.#errors, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
