import { describe, expect, it } from 'vitest';
import { bindingDigest, judgeWord } from '../../src/release/approval.ts';
import type { ApprovalWord } from '../../src/release/store.ts';

const binding = { release: 'r1', step: 5, plan: 'p', build: 'b', evidence: 'e', nonce: 'n' };
const move = {
  type: 'approval',
  role: 'Product Manager',
  name: 'Omar V.',
  unsigned: true,
  expiresMs: 1,
} as const;
const request = {
  move,
  binding,
  expiresAt: Date.parse('2026-01-02T00:00:00Z'),
  starter: 'Alex W.',
};
const word: ApprovalWord = {
  v: 1,
  release: 'r1',
  step: 5,
  decision: 'approve',
  by: 'Omar V.',
  role: 'Product Manager',
  comment: null,
  binding: bindingDigest(binding),
  at: '2026-01-01T00:00:00Z',
};

describe('approval', () => {
  it('is accepted from the person that the plan names, for what stands now', () => {
    expect(judgeWord(word, request)).toEqual({ accepted: true });
  });

  it.each([
    ['of another release', { release: 'r2' }, /another release/],
    ['of another step', { step: 4 }, /another release or step/],
    [
      'for other evidence',
      { binding: bindingDigest({ ...binding, evidence: 'x' }) },
      /other evidence/,
    ],
    ['for another build', { binding: bindingDigest({ ...binding, build: 'x' }) }, /other evidence/],
    ['for another plan', { binding: bindingDigest({ ...binding, plan: 'x' }) }, /other evidence/],
    [
      'of an earlier request',
      { binding: bindingDigest({ ...binding, nonce: 'x' }) },
      /other evidence/,
    ],
    ['of somebody else', { by: 'Eve' }, /word of Omar V\./],
    ['of another role', { role: 'DevOps' }, /Product Manager/],
    ['after the request expired', { at: '2026-01-03T00:00:00Z' }, /expired/],
  ])('is refused when it is %s', (_what, change, why) => {
    const verdict = judgeWord({ ...word, ...change }, request);
    expect(verdict.accepted).toBe(false);
    expect(verdict.accepted ? '' : verdict.why).toMatch(why);
  });

  it('is refused from whoever started the release', () => {
    expect(judgeWord(word, { ...request, starter: 'omar v.' })).toMatchObject({ accepted: false });
  });

  it('is refused without a signature where the plan wants one', () => {
    expect(judgeWord(word, { ...request, move: { ...move, unsigned: false } })).toMatchObject({
      accepted: false,
    });
  });
});
