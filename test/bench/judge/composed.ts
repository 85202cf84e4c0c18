import { evidenceLines } from '../../../src/judge/alpha-split.ts';
import { logEvidenceAbove, logEvidenceBelow } from '../../../src/judge/band-test.ts';
import { logEvidenceWorse } from '../../../src/judge/label-test.ts';
import { limitsOf, type Slo } from '../../../src/judge/slo.ts';
import { BandLines } from './lines.ts';
import { type MetricMinute, type Minute, togetherIn } from './streams.ts';

/** How a judge ends a canary, and in which minute, from 1. */
export interface Ending {
  readonly band: 'green' | 'amber' | 'red';
  /** When it was red; or since when it would have been green; the last minute if amber. */
  readonly minute: number;
}

interface Totals {
  n: number;
  green: number;
  red: number;
}

function add(totals: Totals, minute: MetricMinute): void {
  totals.n += minute.n;
  totals.green += minute.green;
  totals.red += minute.red;
}

/**
 * The composed verdict of src/judge at every minute, with the proofs of the bands looked up as whole
 * numbers instead of computed. A test compares it with `judge` itself, look by look.
 */
export class ComposedJudge {
  readonly #slo: Slo;
  readonly #greenNeeded: number;
  readonly #redNeeded: number;
  readonly #lines: readonly { readonly green: BandLines; readonly red: BandLines }[];

  constructor(slo: Slo) {
    this.#slo = slo;
    const { green, red } = evidenceLines(slo, true);
    this.#greenNeeded = green;
    this.#redNeeded = red;
    this.#lines = slo.metrics.map((metric) => {
      const limits = limitsOf(metric);
      return { green: new BandLines(limits.green, green), red: new BandLines(limits.red, red) };
    });
  }

  #bandOf(
    at: number,
    candidate: Totals,
    control: Totals,
    perSession: number,
  ): 'green' | 'amber' | 'red' {
    const metric = this.#slo.metrics[at];
    const lines = this.#lines[at];
    if (metric === undefined || lines === undefined || candidate.n < metric.minSamples) {
      return 'amber';
    }
    if (metric.measure === 'availability' && metric.unit === 'request')
      return this.#availability(at, candidate, perSession);
    if (lines.red.isRed(candidate.red, candidate.n)) return 'red';
    if (metric.compare && this.#isWorse(candidate, control)) return 'red';
    return lines.green.isGreen(candidate.green, candidate.n) ? 'green' : 'amber';
  }

  /** Requests weigh as their sessions, in fractions: computed, since no whole number stands for it. */
  #availability(at: number, { n, red }: Totals, perSession: number): 'green' | 'amber' | 'red' {
    const needed = this.#redNeeded;
    const metric = this.#slo.metrics[at];
    if (metric === undefined) return 'amber';
    const limits = limitsOf(metric);
    const sample = { bad: red / perSession, n: n / perSession };
    // Not more than the limit is never evidence of being over it.
    if (red > limits.red * n && logEvidenceAbove(limits.red, sample) >= needed) return 'red';
    if (metric.role === 'guard') return 'amber';
    return logEvidenceBelow(limits.green, sample) >= this.#greenNeeded ? 'green' : 'amber';
  }

  #isWorse(candidate: Totals, control: Totals): boolean {
    if (control.n === 0 || candidate.green === 0) return false;
    const share = candidate.n / (candidate.n + control.n);
    const expected = share * (candidate.green + control.green);
    // Not more than expected is never evidence of being worse.
    if (candidate.green <= expected) return false;
    const sample = { candidateBad: candidate.green, controlBad: control.green, share };
    return logEvidenceWorse(sample) >= this.#redNeeded;
  }

  /** The verdict after each minute. */
  bands(stream: readonly Minute[]): readonly ('green' | 'amber' | 'red')[] {
    const none = () => ({ n: 0, green: 0, red: 0 });
    const candidate = this.#slo.metrics.map(none);
    const control = this.#slo.metrics.map(none);
    const all = { sessions: 0, endpoints: 0, errors: 0 };
    const { minRequests, errorShare } = this.#slo.catastrophe;
    return stream.map((minute) => {
      let green = true;
      all.endpoints += minute.endpointRequests;
      all.sessions += minute.candidateSessions;
      const perSession = Math.max(1, all.endpoints / Math.max(1, all.sessions));
      let red = false;
      this.#slo.metrics.forEach((metric, at) => {
        const own = candidate[at] ?? none();
        const other = control[at] ?? none();
        const [more, beside] = [minute.candidate[at], minute.control[at]];
        if (more !== undefined) {
          add(own, more);
          if (metric.measure === 'availability') {
            all.errors += more.green * (metric.unit === 'session' ? togetherIn(minute) : 1);
          }
        }
        if (beside !== undefined && beside !== null) add(other, beside);
        const band = this.#bandOf(at, own, other, perSession);
        if (band === 'red') red = true;
        if (metric.role === 'gate' && band !== 'green') green = false;
      });
      if (all.endpoints >= minRequests && all.errors >= errorShare * all.endpoints) red = true;
      return red ? 'red' : green ? 'green' : 'amber';
    });
  }

  /** As the gate of step 7 ends: red at once, green only when the window has been watched whole. */
  end(stream: readonly Minute[]): Ending {
    const bands = this.bands(stream);
    const red = bands.indexOf('red');
    if (red >= 0) return { band: 'red', minute: red + 1 };
    if (bands.at(-1) !== 'green') return { band: 'amber', minute: bands.length };
    return { band: 'green', minute: bands.findLastIndex((band) => band !== 'green') + 2 };
  }
}
