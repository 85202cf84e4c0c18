import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuroraError } from '../../src/base/errors.ts';
import type { CheckResult } from '../../src/checks/check.ts';
import { sha256 } from '../../src/proof/digest.ts';
import { approvalNamespace } from '../../src/proof/ssh/namespace.ts';
import { fingerprint } from '../../src/proof/ssh/public-key.ts';
import { signMessage } from '../../src/proof/ssh/sshsig.ts';
import { recordKey } from '../../src/release/approval.ts';
import type { ApprovalBinding, JournalEntry } from '../../src/release/events.ts';
import { evidenceDigest } from '../../src/release/gate.ts';
import { encodeEntry } from '../../src/release/journal.ts';
import { statementText } from '../../src/release/statement.ts';
import { namedDocuments, type VerifyInput, verifyJournal } from '../../src/release/verify.ts';
import type { VerifyReport } from '../../src/release/verify-report.ts';
import { keyHolder, omar, rita, sam, signedBy, signerLine, statementOf } from './people.ts';
import { edited, indexOf, parse, relinked, type Story, tell, whole } from './verify-story.ts';
import { World } from './world.ts';

let story: Story;
let documents: ReadonlyMap<string, string | null>;
let world: World;
beforeAll(async () => {
  world = await new World().open();
  story = await tell(world);
  const names = namedDocuments(whole(story.lines));
  const digests = await Promise.all(
    names.map(async (name) => sha256(await readFile(join(story.directory, name)))),
  );
  documents = new Map(names.map((name, index) => [name, digests[index] ?? null]));
});
afterAll(() => world.close());

function verify(text: string, change: Partial<VerifyInput> = {}): VerifyReport {
  const given = { release: story.release, approvers: world.approvers, documents };
  return verifyJournal({ text, where: 'journal.jsonl', withDocuments: true, ...given, ...change });
}

const verifyLines = (lines: readonly string[], change: Partial<VerifyInput> = {}) =>
  verify(whole(lines), change);

/** What is told of the first entry that does not fit. */
const firstOf = ({ first }: VerifyReport) =>
  first && `${first.line} ${first.type} ${first.aspect}: ${first.what}`;

describe('verification of a journal', () => {
  it('finds that a release that really ran fits, and how much was looked at', () => {
    const report = verifyLines(story.lines);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({
      release: story.release,
      entries: story.lines.length,
      head: sha256(story.lines.at(-1) ?? ''),
      looked: { chain: story.lines.length, fences: 4, evidence: 3, signatures: 2, documents: 2 },
    });
    expect(report.looked.overrides).toBe(2);
  });

  it('names the very entry that was edited, whichever it is, but for the last', () => {
    for (const index of story.lines.keys()) {
      const lines = edited(story.lines, index, (entry) => {
        entry.actor = 'Eve';
      });
      const last = index === story.lines.length - 1;
      // Nothing was written after the last one that could tell.
      expect(verifyLines(lines).first?.line ?? null).toBe(last ? null : index + 1);
    }
  });

  it('names the very entry whose link was edited', () => {
    for (const index of story.lines.slice(0, -1).keys()) {
      const lines = edited(story.lines, index, (entry) => {
        entry.prev = 'f'.repeat(64);
      });
      expect(verifyLines(lines).first?.line).toBe(index + 1);
    }
  });

  it('names the place where an entry is missing, but for the end', () => {
    for (const index of story.lines.slice(0, -1).keys()) {
      const { first } = verifyLines(story.lines.filter((_, i) => i !== index));
      expect(first).toMatchObject({ line: index + 1, what: `entry ${index + 1} is missing` });
    }
    expect(verifyLines(story.lines.slice(0, -1)).first).toBeNull();
  });

  it('names the first of two entries that changed places', () => {
    for (const index of story.lines.slice(0, -1).keys()) {
      const [a = '', b = ''] = [story.lines[index], story.lines[index + 1]];
      const { first } = verifyLines(story.lines.with(index, b).with(index + 1, a));
      expect(first?.line).toBe(index + 1);
    }
  });

  it('names an entry that was put in: one of another release, or one of its own again', () => {
    for (const index of story.lines.slice(1).keys()) {
      const again = story.lines.toSpliced(index + 1, 0, story.lines[index] ?? '');
      expect(verifyLines(again).first?.line).toBe(index + 2);
      const [foreign = ''] = edited(story.lines.slice(index, index + 1), 0, (entry) => {
        entry.release = 'r2';
      });
      const { findings } = verifyLines(story.lines.with(index, foreign));
      expect(findings[0]).toMatchObject({ line: index + 1, what: 'it belongs to release r2' });
    }
  });

  it.each([
    ['that is no entry', 'hello', 'it is no journal entry'],
    ['that is half an entry', '{"seq":3,"type":"check.done"}', 'it is no journal entry'],
    ['with another form of the same', ' ', 'it is not in canonical form: it was edited'],
  ])('names a line %s', (_what, text, what) => {
    const line = text === ' ' ? `${story.lines[4]} ` : text;
    expect(verifyLines(story.lines.with(4, line)).first).toMatchObject({ line: 5, what });
  });

  it('takes a torn last line for a crash, and not for a forgery', () => {
    const report = verify(`${whole(story.lines)}{"actor":"Al`);
    expect(report.first).toBeNull();
    expect(report.findings).toMatchObject([
      { line: story.lines.length + 1, weight: 'remark', aspect: 'chain' },
    ]);
  });

  it('finds any one character that was changed, in every line but the last', () => {
    const text = whole(story.lines);
    const end = text.length - (story.lines.at(-1)?.length ?? 0) - 1;
    const at = fc.integer({ min: 0, max: end - 1 });
    fc.assert(
      fc.property(at, fc.string({ minLength: 1, maxLength: 1 }), (index, character) => {
        fc.pre(text[index] !== character);
        const changed = `${text.slice(0, index)}${character}${text.slice(index + 1)}`;
        const { first } = verify(changed);
        const line = text.slice(0, index).split('\n').length;
        expect(first).not.toBeNull();
        expect(Math.abs((first?.line ?? 0) - line)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });

  it('never breaks on what is no journal', () => {
    const junk = fc.oneof(
      fc.string(),
      fc.array(fc.json()).map((lines) => lines.join('\n')),
      fc
        .array(fc.tuple(fc.nat(30), fc.json()), { maxLength: 8 })
        .map((some) => some.map(([n, data]) => frame(n, data)).join('\n')),
    );
    fc.assert(
      fc.property(junk, (text) => {
        try {
          expect(verify(`${text}\n`, { release: null }).first).not.toBeNull();
        } catch (error) {
          expect(error instanceof AuroraError && error.code).toBe('JOURNAL_BROKEN');
        }
      }),
    );
  });
});

/** An entry of a kind that there is, with data that it cannot have. */
function frame(nth: number, data: string): string {
  const { type } = parse(story.lines[nth % story.lines.length] ?? '');
  const head = `"actor":"a","at":"2026-01-01T00:00:00.000Z"`;
  return `{${head},"data":${data},"prev":"0","release":"r1","seq":${nth},"type":"${type}","v":1}`;
}

type Data = Record<string, unknown>;
const dataAt = (lines: readonly string[], index: number) =>
  parse(lines[index] ?? '').data as unknown as Data;

/** The story with the data of one entry changed, and every link made anew. */
function forged(type: string, change: (data: Data) => void, nth = 0): string[] {
  return relinked(
    edited(story.lines, indexOf(story.lines, type, nth), ({ data }) => {
      change(data);
    }),
  );
}

describe('a journal that was linked anew after an edit', () => {
  it('is what it was, linked anew without an edit', () => {
    expect(relinked(story.lines)).toEqual(story.lines);
  });

  it.each<[string, () => string[], string, RegExp]>([
    [
      'a measured value',
      () =>
        forged('check.done', (data) => {
          data.result = { ...(data.result as CheckResult), observed: 'better' };
        }),
      'step.ended evidence',
      /digest is not that of its checks/,
    ],
    [
      'the evidence of a step',
      () => forged('step.ended', (data) => Object.assign(data, { evidence: '0'.repeat(64) })),
      'step.ended evidence',
      /digest is not/,
    ],
    [
      'the plan that it began with',
      () =>
        forged('release.created', (data) =>
          Object.assign(data, { plan: { version: '2', digest: 'f'.repeat(64), directory: '/' } }),
        ),
      'override.given overrides',
      /another plan/,
    ],
    [
      'the build that it began with',
      () =>
        forged('release.created', (data) =>
          Object.assign(data, { build: { name: 'x', version: '1', digest: 'f'.repeat(64) } }),
        ),
      'override.given overrides',
      /another build/,
    ],
    [
      'who skipped a step',
      () => forged('step.skipped', (data) => Object.assign(data, { by: 'eve' })),
      'step.skipped overrides',
      /no override covers it/,
    ],
    [
      'the reason of an override',
      () => forged('override.given', (data) => Object.assign(data, { reason: 'for fun' })),
      'override.given overrides',
      /reason is not the one in its statement/,
    ],
    [
      'what anything before the request says',
      () => forged('step.started', (data) => Object.assign(data, { plannedMs: 7 })),
      'approval.requested approvals',
      /what stands before it/,
    ],
    [
      'what was asked for',
      () =>
        forged('approval.requested', (data) =>
          Object.assign(data, { binding: { ...(data.binding as ApprovalBinding), nonce: 'x' } }),
        ),
      'approval.given approvals',
      /answers another request/,
    ],
    [
      'the evidence that a request is bound to',
      () =>
        forged('approval.requested', (data) =>
          Object.assign(data, { binding: { ...(data.binding as ApprovalBinding), evidence: 'x' } }),
        ),
      'approval.requested approvals',
      /other evidence/,
    ],
    [
      'who approved',
      () => forged('approval.given', (data) => Object.assign(data, { by: sam.id })),
      'approval.given approvals',
      /person is not the one/,
    ],
    [
      'what the approver said',
      () => forged('approval.given', (data) => Object.assign(data, { comment: 'all fine' })),
      'approval.given approvals',
      /comment is not the one/,
    ],
    [
      'whether it was signed',
      () => forged('approval.given', (data) => Object.assign(data, { signed: false })),
      'approval.given approvals',
      /being signed/,
    ],
    [
      'the key of an approval',
      () =>
        forged('approval.given', (data) =>
          Object.assign(data, { key: recordKey(sam.key.publicKey) }),
        ),
      'approval.given signatures',
      /another key signed it/,
    ],
    [
      'a number of a lease',
      () => forged('lease.acquired', (data) => Object.assign(data, { fence: 0 }), 2),
      'lease.acquired fences',
      /fell from 1 to 0/,
    ],
    [
      'an approval that was left out',
      () => relinked(story.lines.toSpliced(indexOf(story.lines, 'approval.given'), 1)),
      'step.ended transitions',
      /request 3 is asked/,
    ],
    [
      'the beginning that was left out',
      () => relinked(story.lines.toSpliced(indexOf(story.lines, 'release.created'), 1)),
      'step.skipped transitions',
      /the release is none/,
    ],
  ])('shows itself: %s', (_what, make, where, why) => {
    const { first } = verifyLines(make());
    expect(`${first?.type} ${first?.aspect}`).toBe(where);
    expect(first?.what).toMatch(why);
  });

  it('shows a forged history at the approval, however much of it was made to fit', () => {
    // Eve improves a measurement and every digest that she can compute.
    const check = indexOf(story.lines, 'check.done');
    const improved = edited(story.lines, check, ({ data }) => {
      data.result = { ...(data.result as CheckResult), observed: 'better' };
    });
    const { result, step } = dataAt(improved, check);
    const ends = improved.findIndex((line) => {
      const { type, data } = parse(line);
      return type === 'step.ended' && 'step' in data && data.step === step;
    });
    const withEvidence = edited(improved, ends, ({ data }) => {
      data.evidence = evidenceDigest([result as CheckResult]);
    });
    expect(firstOf(verifyLines(relinked(withEvidence)))).toMatch(
      /approval\.requested approvals: it is bound to other evidence/,
    );
    const request = indexOf(withEvidence, 'approval.requested');
    const others = withEvidence
      .slice(0, request)
      .map(parse)
      .flatMap((entry) => (entry.type === 'check.done' ? [entry.data.result] : []));
    const bound = relinked(withEvidence);
    const binding = {
      ...(dataAt(bound, request).binding as ApprovalBinding),
      evidence: evidenceDigest(others),
      journal: parse(bound[request] ?? '').prev,
    };
    const asked = edited(bound, request, ({ data }) => {
      data.binding = binding;
    });
    expect(firstOf(verifyLines(relinked(asked)))).toMatch(/approval\.given approvals: it answers/);
    // She writes the statement anew as well; the signature is what she has not got.
    const given = indexOf(asked, 'approval.given');
    const stated = edited(asked, given, ({ data }) => {
      const { at } = JSON.parse(String(data.statement));
      data.binding = binding;
      data.statement = statementText(statementOf(binding, { at }));
    });
    expect(firstOf(verifyLines(relinked(stated)))).toMatch(
      /approval\.given signatures: the signature/,
    );
    const signature = signMessage(
      String(dataAt(stated, given).statement),
      keyHolder('eve', 'Eve').key,
      approvalNamespace,
    );
    const signed = edited(stated, given, ({ data }) => {
      data.signature = signature;
    });
    expect(firstOf(verifyLines(relinked(signed)))).toMatch(/signatures: another key signed it/);
  });

  it('does not show what was edited after the last signature: the docs say so', () => {
    const tail = forged('effect.done', (data) => Object.assign(data, { observed: 'nice' }));
    expect(verifyLines(tail).first).toBeNull();
  });
});

describe('the people behind signatures', () => {
  const approversWith = (change: Parameters<typeof signerLine>[1]) => ({
    ...world.approvers,
    signers: [signerLine(omar, change), signerLine(rita)],
  });

  it.each<[string, () => VerifyInput['approvers'], RegExp]>([
    [
      'who are not listed',
      () => ({ path: 'a', signers: [], revoked: [] }),
      /nobody .* has the key/,
    ],
    ['without the role', () => approversWith({ roles: ['qa-lead'] }), /is no Product Manager/],
    ['under another id', () => approversWith({ id: 'mallory' }), /mallory signed it/],
    ['whose key had run out', () => approversWith({ validBefore: 1 }), /no longer valid then/],
    ['whose key came later', () => approversWith({ validAfter: 9e15 }), /not yet valid then/],
    ['who may sign other things', () => approversWith({ namespaces: ['git'] }), /does not allow/],
    [
      'whose key was revoked',
      () => ({
        ...world.approvers,
        revoked: [{ fingerprint: fingerprint(omar.key.publicKey), comment: '' }],
      }),
      /was revoked/,
    ],
  ])('must be those of the file: %s', (_what, approvers, why) => {
    const { first, findings } = verifyLines(story.lines, { approvers: approvers() });
    expect(first).toMatchObject({ aspect: 'signatures' });
    expect(findings.map(({ what }) => what).join('\n')).toMatch(why);
  });

  it('are not known without a file, which is neither right nor wrong', () => {
    const report = verifyLines(story.lines, { approvers: null });
    expect(report.first).toBeNull();
    expect(report.findings.map(({ weight, aspect }) => `${weight} ${aspect}`)).toEqual([
      'unsure signatures',
      'unsure signatures',
    ]);
  });

  it('must have signed for approvals and nothing else', () => {
    const index = indexOf(story.lines, 'approval.given');
    const statement = statementOf(dataAt(story.lines, index).binding as ApprovalBinding);
    const lines = edited(story.lines, index, ({ data }) => {
      Object.assign(data, signedBy(omar, statement, 'file'));
    });
    expect(firstOf(verifyLines(relinked(lines)))).toMatch(
      /signatures: the signature does not count/,
    );
  });
});

describe('entries that were kept aside and merged later', () => {
  const late = (type: string, data: object, at: string) =>
    encodeEntry({ ...parse(story.lines[0] ?? ''), type, data, at } as unknown as JournalEntry);
  const seen = { key: 'k', title: 'k', already: false, expected: 'x', observed: 'x' };
  const long = '2020-01-01T00:00:00.000Z';

  it('may be older than what stands before them, and come when all is over', () => {
    const merged = late('rescue.merged', { entries: 1, path: 'x' }, new Date().toISOString());
    const kept = late('compensation.done', seen, long);
    const report = verifyLines(relinked([...story.lines, merged, kept]));
    expect(report.first).toBeNull();
    expect(report.findings).toMatchObject([{ weight: 'remark', aspect: 'transitions' }]);
  });

  it('are held against the table like any other where nothing says that they were', () => {
    const { findings, first } = verifyLines(
      relinked([...story.lines, late('compensation.done', seen, long)]),
    );
    expect(first).toMatchObject({ aspect: 'transitions', line: story.lines.length + 1 });
    expect(findings).toContainEqual(expect.objectContaining({ weight: 'remark', aspect: 'times' }));
  });
});

describe('documents beside a journal', () => {
  it('count the screenshots that a check names, by their digests', () => {
    const seen = sha256('a picture');
    const lines = edited(story.lines, indexOf(story.lines, 'check.done'), ({ data }) => {
      const evidence = { file: '/elsewhere/evidence/csat-1.png', sha256: seen };
      data.result = { ...(data.result as object), id: 'screens/staging/csat', evidence };
    });
    const name = 'evidence/csat-1.png';
    expect(namedDocuments(whole(lines))).toContain(name);
    const told = (digest: string | null) =>
      verifyLines(lines, { documents: new Map([...documents, [name, digest]]) })
        .findings.filter(({ aspect }) => aspect === 'documents')
        .map(({ what }) => what);
    expect(told(seen)).toEqual([]);
    expect(told(sha256('another'))).toEqual([`${name} is not as it was written`]);
    expect(told(null)).toEqual([`${name} is not there`]);
  });

  it('must be as they were written last', () => {
    const { first } = verifyLines(story.lines, {
      documents: new Map([...documents, ['ticket.md', sha256('another')]]),
    });
    expect(first).toMatchObject({
      aspect: 'documents',
      what: 'ticket.md is not as it was written',
    });
  });

  it('must be there, unless the journal was copied alone', () => {
    const none = { documents: new Map() };
    expect(verifyLines(story.lines, none).first?.what).toMatch(/is not there/);
    expect(verifyLines(story.lines, { ...none, withDocuments: false }).first).toBeNull();
  });
});
