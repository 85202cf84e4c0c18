import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckResult, CheckStatus } from '../../src/checks/check.ts';
import { evidenceDigest, gateReasons, gateVerdict } from '../../src/release/gate.ts';

const early = {
  fail: 'no-go',
  inconclusive: 'no-go',
  error: 'no-go',
  catastrophe: 'no-go',
} as const;
const canary = {
  fail: 'rollback',
  inconclusive: 'hold',
  error: 'hold',
  catastrophe: 'rollback',
} as const;
const ramp = {
  fail: 'hold',
  inconclusive: 'hold',
  error: 'hold',
  catastrophe: 'rollback',
} as const;

const check = (status: CheckStatus, change: Partial<CheckResult> = {}): CheckResult => ({
  id: status,
  title: status,
  status,
  expected: 'this',
  observed: 'that',
  ...change,
});

describe('gate', () => {
  it('is no-go when nothing was measured', () => {
    expect(gateVerdict([], canary)).toBe('no-go');
  });

  it('is go only when every check passed', () => {
    expect(gateVerdict([check('pass'), check('pass')], early)).toBe('go');
  });

  it('never takes an error for a pass, nor for a fail', () => {
    expect(gateVerdict([check('pass'), check('error')], canary)).toBe('hold');
    expect(gateVerdict([check('error')], early)).toBe('no-go');
  });

  it('is as bad as its worst check', () => {
    expect(gateVerdict([check('inconclusive'), check('fail'), check('pass')], canary)).toBe(
      'rollback',
    );
  });

  it('lets a catastrophe act where a mere failure pauses', () => {
    expect(gateVerdict([check('fail')], ramp)).toBe('hold');
    expect(gateVerdict([check('fail', { catastrophe: true })], ramp)).toBe('rollback');
  });

  it('never gets better by one more check', () => {
    const order = ['go', 'hold', 'no-go', 'rollback'];
    const statuses = fc.array(
      fc.constantFrom<CheckStatus>('pass', 'fail', 'inconclusive', 'error'),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(
        statuses,
        fc.constantFrom<CheckStatus>('pass', 'fail', 'inconclusive', 'error'),
        (all, one) => {
          const before = gateVerdict(
            all.map((s) => check(s)),
            canary,
          );
          const after = gateVerdict(
            [...all, one].map((s) => check(s)),
            canary,
          );
          expect(order.indexOf(after)).toBeGreaterThanOrEqual(order.indexOf(before));
        },
      ),
    );
  });

  it('gives a reason for each check that did not pass, with expected and observed', () => {
    expect(gateReasons([check('pass'), check('error')])).toEqual([
      'error (error): expected this, observed that',
    ]);
  });

  it('has other evidence when one observation differs', () => {
    expect(evidenceDigest([check('pass')])).not.toBe(
      evidenceDigest([check('pass', { observed: 'else' })]),
    );
  });
});
