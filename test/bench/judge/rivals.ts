import type { Ending } from './composed.ts';
import { mannWhitneyIsHigh } from './mann-whitney.ts';
import type { Minute, Requests } from './streams.ts';

/** Judges as they are commonly built. They see requests, not sessions, and are never amber. */

/** Stops in the first minute with more than 1 % of the candidate's requests failing. */
export function thresholdEnd(stream: readonly Minute[]): Ending {
  const at = stream.findIndex(
    ({ candidateRequests: { n, bad } }) => n > 0 && bad / n > thresholdShare,
  );
  return at < 0 ? passed(stream) : { band: 'red', minute: at + 1 };
}
const thresholdShare = 0.01;

const passed = (stream: readonly Minute[]): Ending => ({ band: 'green', minute: stream.length });

/** z of two proportions, pooled; 0 where it is not defined. Positive: the candidate is worse. */
export function zOf(candidate: Requests, control: Requests): number {
  const pooled = (candidate.bad + control.bad) / (candidate.n + control.n);
  const variance = pooled * (1 - pooled) * (1 / candidate.n + 1 / control.n);
  if (!(variance > 0)) return 0;
  return (candidate.bad / candidate.n - control.bad / control.n) / Math.sqrt(variance);
}

/** All of 5 % to one side, or both sides together. */
const critical = { worse: 1.644_853_626_951_473, different: 1.959_963_984_540_054 };

/** Stops in the first minute in which a z-test of everything so far is significant at 5 %. */
export function peekingEnd(
  stream: readonly Minute[],
  kind: 'worse' | 'different' = 'different',
): Ending {
  const candidate = { n: 0, bad: 0 };
  const control = { n: 0, bad: 0 };
  for (const [at, minute] of stream.entries()) {
    candidate.n += minute.candidateRequests.n;
    candidate.bad += minute.candidateRequests.bad;
    control.n += minute.controlRequests.n;
    control.bad += minute.controlRequests.bad;
    const z = zOf(candidate, control);
    if ((kind === 'worse' ? z : Math.abs(z)) >= critical[kind]) {
      return { band: 'red', minute: at + 1 };
    }
  }
  return passed(stream);
}

const rates = (minutes: readonly Requests[]) =>
  minutes.flatMap(({ n, bad }) => (n === 0 ? [] : [bad / n]));

/** Judges once, at the end, by the error rates of the minutes. */
export function mannWhitneyEnd(stream: readonly Minute[]): Ending {
  const candidate = rates(stream.map(({ candidateRequests }) => candidateRequests));
  const control = rates(stream.map(({ controlRequests }) => controlRequests));
  return { band: mannWhitneyIsHigh(candidate, control) ? 'red' : 'green', minute: stream.length };
}
