import { wilson } from './wilson.ts';

/** A share as people read it: `0.00 %`, `0.53 %`, `12 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent !== 0 && percent < 0.1) return `${percent.toPrecision(1)} %`;
  const digits = percent < 10 ? 2 : 1;
  return `${Number(percent.toFixed(digits))} %`;
}

/** Evidence E from its logarithm: `0.4`, `31`, `10^40`. */
export function formatEvidence(logE: number): string {
  if (logE > Math.log(10_000)) return `10^${Math.floor(logE / Math.LN10)}`;
  const value = Math.exp(logE);
  return value < 0.01 ? '0' : String(Number(value.toPrecision(2)));
}

/** `3 of 400 sessions (0.75 %)`. */
export function formatSample(sample: { bad: number; n: number }, unit: string): string {
  const share = sample.n === 0 ? '' : ` (${formatShare(sample.bad / sample.n)})`;
  return `${sample.bad} of ${sample.n} ${unit}${share}`;
}

/** The 95 % interval of a share, for display beside a proof that did not succeed. */
export function formatInterval(sample: { bad: number; n: number }): string {
  const { low, high } = wilson(sample);
  return `95 % interval ${formatShare(low)} to ${formatShare(high)}`;
}
