const remembered = 4_096;

/** How an answer is counted; `failed`: there was none. */
export type StatusClass = '2xx' | '3xx' | '4xx' | '5xx' | 'failed';

/** What the shoppers of one environment met with since they began. */
export interface ShopStats {
  readonly sessions: number;
  /** Sessions under way now. */
  readonly open: number;
  /** Sessions that never began, since too many were under way. */
  readonly dropped: number;
  readonly requests: number;
  readonly byStatus: Readonly<Record<StatusClass, number>>;
  /** Answers, and missing answers, that no shopper had reason to expect. */
  readonly unexpected: number;
  /** Of the last few thousand answers, in milliseconds; null before the first. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

function classOf(status: number): StatusClass {
  if (status >= 500) return '5xx';
  if (status >= 400) return '4xx';
  if (status >= 300) return '3xx';
  return status >= 200 ? '2xx' : 'failed';
}

/** Counts as it goes; quantiles are computed only when asked for. */
export class ShopCounter {
  sessions = 0;
  open = 0;
  dropped = 0;
  #requests = 0;
  #unexpected = 0;
  readonly #byStatus: Record<StatusClass, number> = {
    '2xx': 0,
    '3xx': 0,
    '4xx': 0,
    '5xx': 0,
    failed: 0,
  };
  readonly #latency = new Float64Array(remembered);
  #answers = 0;

  /** One request: status 0 when it got no answer. */
  answered(status: number, ms: number, expected: boolean): void {
    this.#requests += 1;
    this.#byStatus[classOf(status)] += 1;
    if (!expected) this.#unexpected += 1;
    if (status === 0) return;
    this.#latency[this.#answers % remembered] = ms;
    this.#answers += 1;
  }

  snapshot(): ShopStats {
    const sorted = this.#latency.slice(0, Math.min(this.#answers, remembered)).sort();
    const quantile = (share: number) => {
      const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
      return value === undefined ? null : Math.round(value * 10) / 10;
    };
    return {
      sessions: this.sessions,
      open: this.open,
      dropped: this.dropped,
      requests: this.#requests,
      byStatus: { ...this.#byStatus },
      unexpected: this.#unexpected,
      p50Ms: quantile(0.5),
      p95Ms: quantile(0.95),
    };
  }
}
