import type { Sample } from '../../judge/band-test.ts';
import type { SessionShape } from './rows.ts';

/** What a KPI was measured on: `hits` of `n`, by so many sessions. */
export interface KpiSample {
  readonly hits: number;
  readonly n: number;
  readonly sessions: number;
  /**
   * How many times wider its variance is because events of one session belong together; at least 1.
   * (The design effect of cluster sampling, from the ratio estimator's residuals.)
   */
  readonly effect: number;
}

/** The sample of all sessions together. Hits beyond `n` (shown before the window began) do not count. */
export function kpiSample(shapes: readonly SessionShape[]): KpiSample {
  const sum = (of: (shape: SessionShape) => number) =>
    shapes.reduce((total, shape) => total + of(shape) * shape.sessions, 0);
  const n = sum((shape) => shape.n);
  const hits = Math.min(
    n,
    sum((shape) => shape.hits),
  );
  const sessions = sum(() => 1);
  const share = n === 0 ? 0 : hits / n;
  const independent = n * share * (1 - share);
  const residual = sum((shape) => (shape.hits - share * shape.n) ** 2);
  return {
    hits,
    n,
    sessions,
    effect: independent > 0 ? Math.max(1, residual / independent) : 1,
  };
}

/** The sample as an independent one that says as much: what intervals are made from. */
export function effectiveSample({ hits, n, effect }: KpiSample): Sample {
  return { bad: hits / effect, n: n / effect };
}
