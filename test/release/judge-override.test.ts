import { describe, expect, it } from 'vitest';
import { signMessage } from '../../src/proof/ssh/sshsig.ts';
import { judgeOverride, type Overriders, parseOverride } from '../../src/release/judge-override.ts';
import { type OverrideStatement, statementText } from '../../src/release/statement.ts';
import { approversOf, keyHolder, omar, rita } from './people.ts';

const about = {
  subject: 'freeze',
  about: 'Black Week',
  release: 'r1',
  plan: 'p',
  build: 'b',
} as const;
const by: Overriders = {
  approvers: approversOf(rita, omar),
  roles: ['Release Manager', 'CTO'],
  now: Date.parse('2026-11-25T12:00:00Z'),
};

function statement(change: Partial<OverrideStatement> = {}): OverrideStatement {
  return {
    ...{ v: 1, kind: 'override', ...about, reason: 'hotfix', by: rita.id, role: 'Release Manager' },
    ...{ at: '2026-11-25T12:00:00.000Z', nonce: '00' },
    ...change,
  };
}

function word(text: string, who = rita, namespace = 'aurora-approval') {
  return { statement: text, signature: signMessage(text, who.key, namespace) };
}

const signed = (change: Partial<OverrideStatement> = {}, who = rita) =>
  word(statementText(statement(change)), who);

describe('an override', () => {
  it('counts as it was signed', () => {
    expect(judgeOverride(signed(), about, by)).toEqual({ counts: true });
    expect(parseOverride(signed().statement)).toEqual(statement());
  });

  it.each([
    ['for another release', signed({ release: 'r2' }), 'another release'],
    ['for another window', signed({ about: 'Fridays' }), 'another about'],
    ['for a step', signed({ subject: 'skip' }), 'another subject'],
    ['under another plan', signed({ plan: 'q' }), 'another plan'],
    ['for another build', signed({ build: 'c' }), 'another build'],
    ['without a reason', signed({ reason: ' ' }), 'no reason'],
    ['unsigned', { ...signed(), signature: null }, 'not signed'],
    [
      'with the signature of another text',
      { ...signed(), signature: signed({ nonce: '01' }).signature },
      'does not count',
    ],
    ['signed for another purpose', word(statementText(statement()), rita, 'git'), 'does not count'],
    ['with a text behind the text', word(`${statementText(statement())} `), 'no statement'],
    ['that is none', word('{"kind":"override"}'), 'no statement'],
    ['that is no JSON', word('hotfix'), 'no statement'],
    [
      'with one more member',
      word(statementText({ ...statement(), more: 1 } as OverrideStatement)),
      'no statement',
    ],
    ['in the name of another', signed({ by: omar.id }), `it says ${omar.id}`],
    [
      'by somebody who may not',
      signed({ by: omar.id }, omar),
      'Omar V. may not: the plan wants a Release Manager or CTO',
    ],
    [
      'by nobody who is known',
      signed({}, keyHolder('eve@aurora.example', 'Eve')),
      'nobody in the approvers file',
    ],
    ['in a role that the person has not', signed({ role: 'CTO' }), 'Rita M. is no CTO'],
  ])('%s does not', (_what, offered, why) => {
    expect(judgeOverride(offered, about, by)).toEqual({
      counts: false,
      why: expect.stringContaining(why),
    });
  });

  it('in a role that does not permit it does not, whatever else the person is', () => {
    const both = keyHolder('both@aurora.example', 'Bo T.', 'release-manager', 'product-manager');
    const offered = signed({ by: both.id, role: 'Product Manager' }, both);
    const people = { ...by, approvers: approversOf(both) };
    expect(judgeOverride(offered, about, people)).toMatchObject({ counts: false });
  });
});
