import { logAtLeast, logAtMost } from './binomial.ts';
import { logEvidenceNotWorseThan } from './label-test.ts';
import { fewestBadRed, fewestBadWorse, mostBadGreen } from './thresholds.ts';

/**
 * What a window of n samples can prove, judged at its end. Looks in between only add to it, so the
 * true power is a little higher. Chances are between 0 and 1.
 */

/** Where a rising function of a share reaches `target`; the share is found to ten digits. */
function shareWhere(target: number, of: (share: number) => number, from = 0): number {
  let low = from;
  let high = 1;
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (of(middle) < target) low = middle;
    else high = middle;
  }
  return high;
}

/** The chance that n samples, bad at this rate, prove the share below the limit. */
export function chanceOfGreen(limit: number, logNeeded: number, n: number, rate: number): number {
  const most = mostBadGreen(limit, logNeeded, n);
  if (most < 0) return 0;
  return rate === 0 ? 1 : Math.exp(logAtMost(most, n, rate));
}

/** The smallest true share that n samples prove to be above the limit with this chance; or null. */
export function smallestShareSeen(
  limit: number,
  logNeeded: number,
  n: number,
  chance: number,
): number | null {
  const fewest = fewestBadRed(limit, logNeeded, n);
  if (fewest === null) return null;
  return shareWhere(chance, (share) => Math.exp(logAtLeast(fewest, n, share)), limit);
}

/** The samples of both cohorts in a window, and how often one is bad in the control. */
export interface ComparedWindow {
  readonly candidate: number;
  readonly control: number;
  readonly rate: number;
}

/** Counts of bad ones in the control that are worth a thought, with their probabilities. */
function controlOutcomes({ control, rate }: ComparedWindow): readonly [number, number][] {
  const mean = control * rate;
  const deviation = Math.sqrt(mean * (1 - rate));
  const from = Math.max(0, Math.floor(mean - 4 * deviation));
  const to = Math.min(control, Math.ceil(mean + 4 * deviation));
  const step = Math.max(1, Math.ceil((to - from) / 40));
  const outcomes: [number, number][] = [];
  for (let bad = from; bad <= to; bad += step) {
    const last = Math.min(to, bad + step - 1);
    const weight =
      Math.exp(logAtMost(last, control, rate)) - Math.exp(logAtMost(bad - 1, control, rate));
    outcomes.push([Math.round((bad + last) / 2), weight]);
  }
  return outcomes;
}

/** The chance that a candidate whose share of bad is `rate` times `factor` is proven worse. */
function chanceOfWorse(
  window: ComparedWindow,
  fewest: readonly (readonly [number, number])[],
  factor: number,
): number {
  const share = Math.min(1, window.rate * factor);
  return fewest.reduce((sum, [bad, weight]) => {
    return sum + weight * Math.exp(logAtLeast(bad, window.candidate, share));
  }, 0);
}

/** The smallest factor at which the comparison is red with this chance; null when none is. */
export function smallestFactorSeen(
  window: ComparedWindow,
  logNeeded: number,
  chance: number,
): number | null {
  const { candidate, control, rate } = window;
  if (rate <= 0 || rate >= 1 || candidate < 1 || control < 1) return null;
  const share = candidate / (candidate + control);
  const fewest = controlOutcomes(window).map(
    ([bad, weight]) => [fewestBadWorse(share, logNeeded, bad), weight] as const,
  );
  const at = shareWhere(chance, (part) => chanceOfWorse(window, fewest, part / rate), rate);
  return at >= 1 && chanceOfWorse(window, fewest, 1 / rate) < chance ? null : at / rate;
}

/** Whether an equally good candidate would be proven not `factor` times worse, as things would go. */
export function wouldBeNotWorse(window: ComparedWindow, factor: number, logNeeded: number) {
  const { candidate, control, rate } = window;
  if (candidate <= 0 || control <= 0) return false;
  const share = candidate / (candidate + control);
  const expected = { candidateBad: candidate * rate, controlBad: control * rate, share };
  return logEvidenceNotWorseThan(factor, expected) >= logNeeded;
}
