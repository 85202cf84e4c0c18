/**
 * The rule of Kayenta's judge (NetflixACAJudge, as its sources of 2018 to 2024 have it), for a metric
 * whose increase is bad:
 *
 * 1. one point per interval and cohort; identical data, or one single value in both, pass;
 * 2. a 98 % interval (two-sided) of the location shift, by inverting the Mann-Whitney test with its
 *    normal approximation, a continuity correction of 1/2 and the correction for ties; ends that no
 *    shift reaches are those of the data;
 * 3. the Hodges-Lehmann estimate of the shift in the same way;
 * 4. High, hence a failure, when the lower end lies above a quarter of the estimate's size. Its
 *    default effect size (a ratio of means of at least 1) is asked for too.
 *
 * The test statistic is a step function of the shift that falls at the differences of two points, so
 * the root is one of those: found by bisection over the sorted differences.
 */

/** Standard normal quantile of 1 - 0.02 / 2. */
const quantile = 2.326_347_874_040_841;
const tolerance = 0.25;

/** Sum of the ranks of the first sample in both together, ties by their average, and sum of t^3 - t. */
function rankSum(first: readonly number[], second: readonly number[]) {
  const all = [
    ...first.map((value) => ({ value, own: true })),
    ...second.map((value) => ({ value, own: false })),
  ].sort((x, y) => x.value - y.value);
  let sum = 0;
  let ties = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    let own = 0;
    while (to < all.length && all[to]?.value === all[from]?.value) {
      if (all[to]?.own === true) own += 1;
      to += 1;
    }
    const count = to - from;
    sum += (own * (from + 1 + to)) / 2;
    ties += count ** 3 - count;
    from = to;
  }
  return { sum, ties };
}

/** The standardised statistic of `first` moved down by `shift`; falls as the shift grows. */
function statistic(first: readonly number[], second: readonly number[], shift: number): number {
  const m = first.length;
  const n = second.length;
  const { sum, ties } = rankSum(
    first.map((value) => value - shift),
    second,
  );
  const distance = sum - (m * (m + 1)) / 2 - (m * n) / 2;
  const variance = ((m * n) / 12) * (m + n + 1 - ties / ((m + n) * (m + n - 1)));
  return (distance - Math.sign(distance) * 0.5) / Math.sqrt(variance);
}

/** Where the statistic falls through `z`. */
function rootOf(
  first: readonly number[],
  second: readonly number[],
  shifts: Float64Array,
  z: number,
): number {
  let low = 0;
  let high = shifts.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const [here = 0, next = 0] = [shifts[middle], shifts[middle + 1]];
    // Between two differences the statistic is constant; on one of them it has ties.
    if (statistic(first, second, (here + next) / 2) > z) low = middle + 1;
    else high = middle;
  }
  return shifts[low] ?? 0;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Whether the candidate is classified High against the control. */
export function mannWhitneyIsHigh(
  candidate: readonly number[],
  control: readonly number[],
): boolean {
  if (candidate.length === 0 || control.length === 0) return false;
  if (new Set([...candidate, ...control]).size === 1) return false;
  // With no shift at all not even significant: then the lower end is at or below 0.
  if (statistic(candidate, control, 0) <= quantile) return false;
  const effect = mean(control) === 0 ? 1 : mean(candidate) / mean(control);
  const shifts = Float64Array.from(
    candidate.flatMap((value) => control.map((other) => value - other)),
  ).sort();
  const lower = rootOf(candidate, control, shifts, quantile);
  const estimate = rootOf(candidate, control, shifts, 0);
  return lower > tolerance * Math.abs(estimate) && effect >= 1;
}
