import { describe, expect, it } from 'vitest';
import { formatEvidence, formatSample, formatShare } from '../../src/judge/words.ts';

describe('words of the judge', () => {
  it.each([
    [0, '0 %'],
    [0.0004, '0.04 %'],
    [0.005, '0.5 %'],
    [0.0053, '0.53 %'],
    [0.123, '12.3 %'],
    [0.4, '40 %'],
    [0.995, '99.5 %'],
    [0.999, '99.9 %'],
    [1, '100 %'],
  ])('writes the share %d as %s', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });

  it('writes evidence of any size', () => {
    expect(formatEvidence(Math.log(31.2))).toBe('31');
    expect(formatEvidence(Math.log(0.42))).toBe('0.42');
    expect(formatEvidence(5_000)).toBe('10^2171');
    expect(formatEvidence(-5_000)).toBe('0');
  });

  it('writes no share of nothing', () => {
    expect(formatSample({ bad: 0, n: 0 }, 'sessions')).toBe('0 of 0 sessions');
  });
});
