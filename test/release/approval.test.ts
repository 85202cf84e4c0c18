import { describe, expect, it } from 'vitest';
import { type Judging, judgeWord } from '../../src/release/approval.ts';
import type { ApprovalBinding, EventData } from '../../src/release/events.ts';
import {
  type ApprovalStatement,
  parseApproval,
  statementText,
} from '../../src/release/statement.ts';
import {
  approversOf,
  bindingOf,
  keyHolder,
  omar,
  rita,
  sam,
  signedBy,
  signerLine,
  statementOf,
} from './people.ts';
import { approval } from './world.ts';

const binding = bindingOf();
const now = Date.parse('2026-01-01T12:00:00Z');
const at = '2026-01-01T11:00:00.000Z';

function judging(change: Partial<Judging> = {}): Judging {
  const request: EventData['approval.requested'] = {
    ...{ step: 5, role: 'Product Manager', name: 'Omar V.', count: 1, eligible: 1, binding },
    ...{ expiresAt: Date.parse(binding.expires), command: 'aurora approve' },
  };
  const { plan, build, evidence, verdict, journal } = binding;
  return {
    move: approval(),
    request,
    standing: { plan, build, evidence, verdict, journal },
    approvers: approversOf(omar, sam, rita),
    starter: { actor: 'Alex W.', key: null },
    given: [],
    now,
    ...change,
  };
}

const said = (change: Partial<ApprovalStatement> = {}) => statementOf(binding, { at, ...change });
const boundTo = (change: Partial<ApprovalBinding>) => said({ binding: { ...binding, ...change } });

/** A word of Omar's that was accepted. */
function given(change: Partial<EventData['approval.given']> = {}): EventData['approval.given'] {
  return {
    ...{ step: 5, by: omar.id, name: omar.name, role: 'Product Manager', signed: true },
    ...{ comment: null, binding, statement: '{}', signature: null, key: null },
    ...change,
  };
}

describe('a signed word', () => {
  it('counts from the person that the plan names, for what stands now', () => {
    expect(judgeWord(signedBy(omar, said()), judging())).toMatchObject({
      accepted: true,
      person: { id: omar.id, name: 'Omar V.' },
      key: { fingerprint: expect.stringMatching(/^SHA256:/), text: expect.stringMatching(/^ssh-/) },
    });
  });

  it.each(['approve', 'reject'] as const)('may %s', (decision) => {
    const verdict = judgeWord(signedBy(omar, said({ decision })), judging());
    expect(verdict).toMatchObject({ accepted: true, statement: { decision } });
  });

  it.each<readonly [string, Partial<ApprovalBinding>]>([
    ['plan', { plan: 'x' }],
    ['build', { build: 'x' }],
    ['evidence', { evidence: 'x' }],
    ['verdict', { verdict: 'hold' }],
    ['journal', { journal: 'x' }],
    ['expiry', { expires: '2027-01-01T00:00:00.000Z' }],
  ])('is void for another %s', (what, change) => {
    const verdict = judgeWord(signedBy(omar, boundTo(change)), judging());
    expect(verdict).toMatchObject({ code: 'APPROVAL_VOID', why: expect.stringContaining(what) });
  });

  it.each<readonly [string, Partial<ApprovalBinding>]>([
    ['plan', { plan: 'x' }],
    ['build', { build: 'x' }],
    ['evidence', { evidence: 'x' }],
    ['verdict', { verdict: 'hold' }],
    ['journal', { journal: 'x' }],
  ])('is void once the %s has changed after it was given', (_what, change) => {
    const standing = { ...judging().standing, ...change };
    const verdict = judgeWord(signedBy(omar, said()), judging({ standing }));
    expect(verdict).toMatchObject({ accepted: false, code: 'APPROVAL_VOID' });
  });

  it('is refused from the starter, whatever name or key the starter goes by', () => {
    const own = signerLine(omar).key;
    const { key } = judgeWord(signedBy(omar, said()), judging()) as {
      key: { fingerprint: string };
    };
    expect(own).toBeDefined();
    for (const starter of [
      { actor: 'omar v.', key: null },
      { actor: ' OMAR.V ', key: null },
      { actor: omar.id, key: null },
      { actor: 'ci', key: key.fingerprint },
    ]) {
      const verdict = judgeWord(signedBy(omar, said()), judging({ starter }));
      expect(verdict).toMatchObject({ accepted: false, code: 'APPROVAL_SELF' });
      const allowed = { move: approval({ self: true }), starter };
      expect(judgeWord(signedBy(omar, said()), judging(allowed)).accepted).toBe(true);
    }
  });

  it('knows the starter also by another key of the same person', () => {
    const second = keyHolder(omar.id, omar.name, 'product-manager');
    const first = judgeWord(signedBy(omar, said()), judging()) as { key: { fingerprint: string } };
    const verdict = judgeWord(
      signedBy(second, said()),
      judging({
        approvers: approversOf(omar, second),
        starter: { actor: 'ci', key: first.key.fingerprint },
      }),
    );
    expect(verdict).toMatchObject({ code: 'APPROVAL_SELF' });
  });

  it('counts once for each person where several are wanted', () => {
    const move = approval({ name: null, count: 2 });
    const second = keyHolder(omar.id, omar.name, 'product-manager');
    const approvers = approversOf(omar, second, sam);
    const about = judging({ move, approvers, given: [given()] });
    expect(judgeWord(signedBy(omar, said()), about)).toMatchObject({ code: 'APPROVAL_TWICE' });
    expect(judgeWord(signedBy(second, said()), about)).toMatchObject({ code: 'APPROVAL_TWICE' });
    expect(judgeWord(signedBy(sam, said({ by: sam.id })), about).accepted).toBe(true);
  });

  it('is one of the key’s owner, and of nobody else', () => {
    const verdict = judgeWord(signedBy(sam, said({ by: omar.id })), judging());
    expect(verdict).toMatchObject({
      code: 'APPROVAL_SIGNATURE',
      why: `it says ${omar.id}, and ${sam.id} signed it`,
    });
  });

  it('may be taken back by anybody of the role, the starter too, but not where nothing was given', () => {
    const decision = 'revoke';
    const word = signedBy(sam, said({ by: sam.id, decision, comment: 'the price is wrong' }));
    const starter = { actor: 'Sam K.', key: null };
    expect(judgeWord(word, judging({ given: [given()], starter })).accepted).toBe(true);
    expect(judgeWord(word, judging())).toMatchObject({ code: 'APPROVAL_VOID' });
    const ritas = signedBy(rita, said({ by: rita.id, decision }));
    expect(judgeWord(ritas, judging({ given: [given()] }))).toMatchObject({
      code: 'APPROVAL_ROLE',
    });
  });
});

describe('an unsigned word', () => {
  const word = { statement: statementText(said({ by: 'Omar V.' })), signature: null };

  it('is refused unless the plan allows it', () => {
    expect(judgeWord(word, judging())).toMatchObject({ code: 'APPROVAL_UNSIGNED' });
    const allowed = judging({ move: approval({ unsigned: true }) });
    expect(judgeWord(word, allowed)).toMatchObject({ accepted: true, key: null });
  });

  it('is held to name, role and starter all the same', () => {
    const move = approval({ unsigned: true });
    const of = (change: Partial<ApprovalStatement>) => ({
      statement: statementText(said({ by: 'Omar V.', ...change })),
      signature: null,
    });
    const codes = [
      judgeWord(of({ by: 'Eve' }), judging({ move })),
      judgeWord(of({ role: 'DevOps' }), judging({ move })),
      judgeWord(word, judging({ move, starter: { actor: 'Omar V.', key: null } })),
    ].map((verdict) => (verdict.accepted ? 'accepted' : verdict.code));
    expect(codes).toEqual(['APPROVAL_PERSON', 'APPROVAL_ROLE', 'APPROVAL_SELF']);
  });
});

describe('the text of a statement', () => {
  it('is read back as what was said', () => {
    expect(parseApproval(statementText(said()))).toEqual(said());
  });

  it.each([
    ['no JSON', 'yes'],
    ['null', 'null'],
    ['a list', '[]'],
    ['one with a member more', statementText({ ...said(), also: 'x' } as ApprovalStatement)],
    ['one that is not canonical', JSON.stringify(said())],
    ['one without a time', statementText(said({ at: 'today' }))],
    ['one with another decision', statementText(said({ decision: 'shrug' as 'approve' }))],
    [
      'a binding with a member more',
      statementText(boundTo({ more: 'x' } as Partial<ApprovalBinding>)),
    ],
    ['a binding with half a step', statementText(boundTo({ step: 1.5 }))],
    ['a binding that never ends', statementText(boundTo({ expires: 'never' }))],
  ])('is not %s', (_what, text) => {
    expect(parseApproval(text)).toBeUndefined();
  });
});
