import { logEvidenceAbove, logEvidenceBelow } from '../../../src/judge/band-test.ts';
import { fewestBadWorse, mostBadNotWorse } from '../../../src/judge/thresholds.ts';

/**
 * The proofs of a band as whole numbers per n. Both grow by steps with n, so each further n costs
 * one evidence instead of a search: a simulation then compares counts and computes no beta function.
 */
export class BandLines {
  readonly #limit: number;
  readonly #needed: number;
  readonly #green: number[] = [-1];
  readonly #red: number[] = [1];

  constructor(limit: number, logNeeded: number) {
    this.#limit = limit;
    this.#needed = logNeeded;
  }

  /** Whether so many bad of n are proven below the limit. */
  isGreen(bad: number, n: number): boolean {
    for (let next = this.#green.length; next <= n; next += 1) {
      const most = this.#green[next - 1] ?? -1;
      const more = { bad: most + 1, n: next };
      const grows = more.bad <= next && logEvidenceBelow(this.#limit, more) >= this.#needed;
      this.#green.push(grows ? most + 1 : most);
    }
    return bad <= (this.#green[n] ?? -1);
  }

  /** Whether so many bad of n are proven above it. */
  isRed(bad: number, n: number): boolean {
    for (let next = this.#red.length; next <= n; next += 1) {
      let fewest = this.#red[next - 1] ?? 1;
      while (
        fewest <= next &&
        logEvidenceAbove(this.#limit, { bad: fewest, n: next }) < this.#needed
      ) {
        fewest += 1;
      }
      this.#red.push(fewest);
    }
    return bad >= (this.#red[n] ?? Number.POSITIVE_INFINITY);
  }
}

/** The proofs of the label test at one fixed share, per bad ones of the control. */
export class LabelLines {
  readonly #worse: number[] = [];
  readonly #notWorse: number[] = [];
  readonly #share: number;
  readonly #needed: number;

  constructor(share: number, logNeeded: number) {
    this.#share = share;
    this.#needed = logNeeded;
  }

  isWorse(candidateBad: number, controlBad: number): boolean {
    const known = this.#worse[controlBad];
    const fewest = known ?? fewestBadWorse(this.#share, this.#needed, controlBad);
    this.#worse[controlBad] = fewest;
    return candidateBad >= fewest;
  }

  isNotTwiceAsBad(candidateBad: number, controlBad: number): boolean {
    const known = this.#notWorse[controlBad];
    const most = known ?? mostBadNotWorse(2, this.#share, this.#needed, controlBad);
    this.#notWorse[controlBad] = most;
    return candidateBad <= most;
  }
}
