import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../src/base/catalogue.ts';
import { systemClock } from '../../src/base/clock.ts';
import { fingerprint } from '../../src/proof/ssh/public-key.ts';
import type { ApprovalMove } from '../../src/release/approval.ts';
import type { Engine } from '../../src/release/engine.ts';
import type { ApprovalBinding, JournalEntry } from '../../src/release/events.ts';
import type { WordNote } from '../../src/release/inbox.ts';
import { emptyHead, encodeEntry, headAfter } from '../../src/release/journal.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import { emptyState } from '../../src/release/state.ts';
import { type ApprovalStatement, statementText } from '../../src/release/statement.ts';
import {
  approversOf,
  type KeyHolder,
  keyHolder,
  noteOf,
  omar,
  omarsWord,
  rita,
  sam,
  signedBy,
  signerLine,
  statementOf,
} from './people.ts';
import { approval, digests, flagAt, rollbackPhases, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const hour = 3_600_000;
const eve = keyHolder('eve@elsewhere.example', 'Eve', 'product-manager');
const omarsOther = keyHolder(omar.id, omar.name, 'product-manager');

/** A release whose first step waits for a word. */
class Waiting {
  state = emptyState('');

  constructor(
    readonly move: ApprovalMove,
    private readonly actor: string,
  ) {}

  engine(change: Partial<Engine> = {}) {
    const steps = [step(1, [flagAt(0), this.move])];
    return world.engine(steps, rollbackPhases, { actor: this.actor, ...change });
  }

  async begin(): Promise<this> {
    const { exit, state } = await startRelease(this.engine(), '1.4.0');
    expect(exit).toBe(4);
    this.state = state;
    return this;
  }

  get binding(): ApprovalBinding {
    const binding = this.state.steps.get(1)?.request?.binding;
    if (binding === undefined) throw new Error('nothing was asked');
    return binding;
  }

  offer(note: WordNote): Promise<void> {
    return this.engine().store.offer({ ...note, release: this.state.id, step: 1 });
  }

  /** Goes on once; the codes that words were refused with meanwhile. */
  async goOn(change: Partial<Engine> = {}) {
    const engine = this.engine({ actor: 'DevOps', ...change });
    const { exit, state } = await resumeRelease(engine, this.state.id);
    this.state = state;
    const codes = engine.entries.flatMap((entry) =>
      entry.type === 'approval.refused' ? [entry.data.code] : [],
    );
    return { exit, codes };
  }

  path(): string {
    return join(world.directory, 'releases', this.state.id, 'journal.jsonl');
  }
}

interface Forgery {
  readonly what: string;
  readonly code: ErrorCode;
  readonly move?: Partial<ApprovalMove>;
  readonly actor?: string;
  /** What is offered; it may change the world on the way. */
  readonly forge: (waiting: Waiting) => WordNote | Promise<WordNote>;
  /** Who gives the word that counts in the end. */
  readonly good?: KeyHolder;
}

const signedNote = (
  who: KeyHolder,
  { binding }: Waiting,
  change: Partial<ApprovalStatement> = {},
  namespace?: string,
) => noteOf(binding, signedBy(who, statementOf(binding, { by: who.id, ...change }), namespace));

const bound = (waiting: Waiting, change: Partial<ApprovalBinding>) =>
  signedNote(omar, waiting, { binding: { ...waiting.binding, ...change } });

const written = (waiting: Waiting, text: string) =>
  noteOf(waiting.binding, { ...signedNote(omar, waiting), statement: text });

const other = 'f'.repeat(64);

const forgeries: readonly Forgery[] = [
  {
    what: 'names another release',
    code: 'APPROVAL_FOREIGN',
    forge: (waiting) => bound(waiting, { release: 'r-other' }),
  },
  {
    what: 'was copied from another release',
    code: 'APPROVAL_FOREIGN',
    forge: async (waiting) => signedNote(omar, await new Waiting(waiting.move, 'Alex W.').begin()),
  },
  {
    what: 'names another step',
    code: 'APPROVAL_FOREIGN',
    forge: (waiting) => bound(waiting, { step: 2 }),
  },
  {
    what: 'names another environment',
    code: 'APPROVAL_FOREIGN',
    forge: (waiting) => bound(waiting, { environment: 'staging' }),
  },
  ...(
    [
      ['plan', { plan: other }],
      ['build', { build: other }],
      ['evidence', { evidence: other }],
      ['verdict', { verdict: 'hold' }],
      ['history', { journal: other }],
      ['expiry', { expires: '2099-01-01T00:00:00.000Z' }],
    ] as const
  ).map(
    ([name, change]): Forgery => ({
      what: `is bound to another ${name}`,
      code: 'APPROVAL_VOID',
      forge: (waiting) => bound(waiting, change),
    }),
  ),
  {
    what: 'was given before the plan was edited',
    code: 'APPROVAL_VOID',
    forge: (waiting) => {
      world.planDigest = other;
      return signedNote(omar, waiting);
    },
  },
  {
    what: 'answers an invented request',
    code: 'APPROVAL_REPLAYED',
    forge: (waiting) => bound(waiting, { nonce: '0'.repeat(32) }),
  },
  {
    what: 'was given after the request had run out',
    code: 'APPROVAL_EXPIRED',
    forge: (waiting) =>
      signedNote(omar, waiting, { at: new Date(Date.now() + 25 * hour).toISOString() }),
  },
  {
    what: 'was changed after it was signed',
    code: 'APPROVAL_SIGNATURE',
    forge: (waiting) =>
      written(waiting, statementText(statementOf(waiting.binding, { comment: 'and a raise' }))),
  },
  {
    what: 'carries the signature of another word',
    code: 'APPROVAL_SIGNATURE',
    forge: (waiting) => {
      const { signature } = signedNote(omar, waiting, { decision: 'reject', comment: 'no' });
      return { ...signedNote(omar, waiting), signature };
    },
  },
  {
    what: 'was signed for something else than approvals',
    code: 'APPROVAL_SIGNATURE',
    forge: (waiting) => signedNote(omar, waiting, {}, 'git'),
  },
  {
    what: 'carries a damaged signature',
    code: 'APPROVAL_SIGNATURE',
    forge: (waiting) => {
      const note = signedNote(omar, waiting);
      return { ...note, signature: note.signature?.slice(0, 120) ?? '' };
    },
  },
  {
    what: 'says Omar and was signed by Sam',
    code: 'APPROVAL_SIGNATURE',
    forge: (waiting) => signedNote(sam, waiting, { by: omar.id }),
  },
  {
    what: 'was signed with a key that nobody knows',
    code: 'APPROVAL_KEY_UNKNOWN',
    forge: (waiting) => signedNote(eve, waiting, { by: omar.id }),
  },
  {
    what: 'was signed with a key for other purposes',
    code: 'APPROVAL_KEY_UNKNOWN',
    forge: (waiting) => {
      world.approvers = {
        ...approversOf(),
        signers: [signerLine(omar, { namespaces: ['git'] })],
      };
      return signedNote(omar, waiting);
    },
  },
  {
    what: 'was signed with a revoked key',
    code: 'APPROVAL_KEY_REVOKED',
    forge: (waiting) => {
      const revoked = [{ fingerprint: fingerprint(omar.key.publicKey), comment: 'laptop lost' }];
      world.approvers = { ...approversOf(omar), revoked };
      return signedNote(omar, waiting);
    },
  },
  {
    what: 'was signed with a key that has run out, and is dated back',
    code: 'APPROVAL_KEY_EXPIRED',
    forge: (waiting) => {
      const validBefore = Date.now() - hour;
      world.approvers = { ...approversOf(), signers: [signerLine(omar, { validBefore })] };
      return signedNote(omar, waiting, { at: new Date(Date.now() - 2 * hour).toISOString() });
    },
  },
  {
    what: 'was signed with a key of tomorrow',
    code: 'APPROVAL_KEY_EXPIRED',
    forge: (waiting) => {
      const validAfter = Date.now() + hour;
      world.approvers = { ...approversOf(), signers: [signerLine(omar, { validAfter })] };
      return signedNote(omar, waiting);
    },
  },
  {
    what: 'comes from another role, which claims the right one',
    code: 'APPROVAL_ROLE',
    forge: (waiting) => signedNote(rita, waiting),
  },
  {
    what: 'comes from another role',
    code: 'APPROVAL_ROLE',
    forge: (waiting) => signedNote(rita, waiting, { role: 'Release Manager' }),
  },
  {
    what: 'comes from another person of the role',
    code: 'APPROVAL_PERSON',
    forge: (waiting) => signedNote(sam, waiting),
  },
  ...['Omar V.', 'omar.v', 'OMAR.V@aurora.example'].map(
    (actor): Forgery => ({
      what: `comes from the starter, who went by ${actor}`,
      code: 'APPROVAL_SELF',
      move: { name: null },
      actor,
      forge: (waiting) => signedNote(omar, waiting),
      good: sam,
    }),
  ),
  {
    what: 'is not signed',
    code: 'APPROVAL_UNSIGNED',
    forge: (waiting) => ({ ...signedNote(omar, waiting), signature: null }),
  },
  {
    what: 'is the second one of the same person',
    code: 'APPROVAL_TWICE',
    move: { name: null, count: 2 },
    forge: async (waiting) => {
      await waiting.offer(signedNote(omar, waiting));
      return signedNote(omar, waiting, { comment: 'once more' });
    },
    good: sam,
  },
  {
    what: 'is the second one of the same person, with another key',
    code: 'APPROVAL_TWICE',
    move: { name: null, count: 2 },
    forge: async (waiting) => {
      world.approvers = approversOf(omar, omarsOther, sam);
      await waiting.offer(signedNote(omar, waiting));
      return signedNote(omarsOther, waiting);
    },
    good: sam,
  },
  {
    what: 'is no statement',
    code: 'APPROVAL_MALFORMED',
    forge: (waiting) => written(waiting, 'approved, love, Omar'),
  },
  {
    what: 'holds more than a statement does',
    code: 'APPROVAL_MALFORMED',
    forge: (waiting) => {
      const more = { ...statementOf(waiting.binding), unless: 'it rains' } as ApprovalStatement;
      return noteOf(waiting.binding, signedBy(omar, more));
    },
  },
];

describe('a forged word', () => {
  it.each(
    forgeries,
  )('that $what is refused as $code, and the right one counts afterwards', async (row) => {
    const waiting = await new Waiting(approval(row.move), row.actor ?? 'Alex W.').begin();
    const { approvers } = world;
    await waiting.offer(await row.forge(waiting));
    expect(await waiting.goOn()).toEqual({ exit: 4, codes: [row.code] });
    world.planDigest = digests.plan;
    if (row.code !== 'APPROVAL_TWICE') world.approvers = approvers;
    await waiting.offer(signedNote(row.good ?? omar, waiting, { comment: 'looked at it' }));
    expect(await waiting.goOn()).toEqual({ exit: 0, codes: [] });
    expect(waiting.state.outcome).toBe('released');
    expect(waiting.state.steps.get(1)?.approvals.at(-1)).toMatchObject({
      by: (row.good ?? omar).id,
      comment: 'looked at it',
    });
  });

  it('is written down once, however often the release goes on, and never counts later', async () => {
    const waiting = await new Waiting(approval(), 'Alex W.').begin();
    world.approvers = approversOf(sam);
    await waiting.offer(signedNote(omar, waiting));
    expect(await waiting.goOn()).toEqual({ exit: 4, codes: ['APPROVAL_KEY_UNKNOWN'] });
    world.approvers = approversOf(omar);
    expect(await waiting.goOn()).toEqual({ exit: 4, codes: [] });
  });

  it('covers every code that a word can be refused for', async () => {
    const { catalogue } = await import('../../src/base/catalogue.ts');
    const codes = Object.keys(catalogue).filter((code) => code.startsWith('APPROVAL_'));
    expect(new Set(forgeries.map(({ code }) => code))).toEqual(new Set(codes));
  });

  it('that was a true answer to an earlier request is refused as replayed', async () => {
    const waiting = await new Waiting(approval(), 'Alex W.').begin();
    const old = omarsWord(waiting.binding);
    const tomorrow = { ...systemClock, now: () => Date.now() + 25 * hour };
    expect(await waiting.goOn({ clock: tomorrow })).toEqual({ exit: 4, codes: [] });
    expect(waiting.binding.nonce).not.toBe(parseNonce(old));
    await waiting.offer(old);
    expect(await waiting.goOn({ clock: tomorrow })).toEqual({
      exit: 4,
      codes: ['APPROVAL_REPLAYED'],
    });
  });

  it.each([
    ['what was measured', 'check.done', '"observed":"', '"observed":"not '],
    ['the history before it', 'lease.acquired', '"holder":"Alex W."', '"holder":"Eve"'],
  ])('does not count when %s was edited after it, with every hash made again', async (_what, type, from, to) => {
    const waiting = await new Waiting(approval(), 'Alex W.').begin();
    await waiting.offer(omarsWord(waiting.binding));
    await editJournal(waiting.path(), type, from, to);
    expect(await waiting.goOn()).toEqual({ exit: 4, codes: ['APPROVAL_VOID'] });
    // What stands now is asked about anew.
    await waiting.offer(omarsWord(waiting.binding));
    expect(await waiting.goOn()).toEqual({ exit: 0, codes: [] });
  });
});

function parseNonce({ statement }: WordNote): string {
  return (JSON.parse(statement) as ApprovalStatement).binding.nonce;
}

/** Changes the first entry of a kind and makes the whole chain fit again, as a forger would. */
async function editJournal(path: string, type: string, from: string, to: string): Promise<void> {
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  const at = lines.findIndex((line) => line.includes(`"type":"${type}"`));
  const edited = lines.map((line, index) => (index === at ? line.replace(from, to) : line));
  expect(edited).not.toEqual(lines);
  let head = emptyHead;
  const chained = edited.map((line) => {
    const entry = { ...(JSON.parse(line) as JournalEntry), prev: head.hash };
    const text = encodeEntry(entry);
    head = headAfter(entry, text);
    return text;
  });
  await writeFile(path, `${chained.join('\n')}\n`);
}
