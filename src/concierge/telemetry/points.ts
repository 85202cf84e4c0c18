/** One answered request, as `/api/metrics` lists it. Duration in milliseconds. */
export interface Point {
  readonly timestamp: number;
  readonly endpoint: string;
  readonly method: string;
  readonly statusCode: number;
  readonly duration: number;
}

/** Latencies in milliseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly avg: number;
}

/** Latency and server errors of some points. */
export interface Summary {
  readonly latency: LatencySummary;
  readonly errors: { readonly count: number; readonly rate: number };
}

const maxPoints = 1_000;
const maxAgeMs = 3_600_000;

/** The last thousand requests of the last hour. */
export class PointStore {
  #points: Point[] = [];
  #next = 0;

  add(point: Point): void {
    this.#points[this.#next] = point;
    this.#next = (this.#next + 1) % maxPoints;
  }

  /** Oldest first. `now` in milliseconds. */
  list(now: number): Point[] {
    const ordered = [...this.#points.slice(this.#next), ...this.#points.slice(0, this.#next)];
    return ordered.filter((point) => now - point.timestamp <= maxAgeMs);
  }
}

/** The value below which a share of the sorted values lies (nearest rank); 0 of nothing. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** To hundredths. */
export const rounded = (ms: number): number => Math.round(ms * 100) / 100;

/** Sums up points. */
export function summarise(points: readonly Point[]): Summary {
  const durations = points.map((point) => point.duration).sort((a, b) => a - b);
  const errors = points.filter((point) => point.statusCode >= 500).length;
  const count = points.length;
  return {
    latency: {
      count,
      p50: rounded(percentile(durations, 0.5)),
      p95: rounded(percentile(durations, 0.95)),
      p99: rounded(percentile(durations, 0.99)),
      avg: count === 0 ? 0 : rounded(durations.reduce((sum, ms) => sum + ms, 0) / count),
    },
    errors: { count: errors, rate: count === 0 ? 0 : errors / count },
  };
}

/** One summary for each route path. */
export function summariseByEndpoint(points: readonly Point[]): Record<string, Summary> {
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    const group = groups.get(point.endpoint);
    if (group === undefined) groups.set(point.endpoint, [point]);
    else group.push(point);
  }
  return Object.fromEntries([...groups].map(([endpoint, group]) => [endpoint, summarise(group)]));
}
