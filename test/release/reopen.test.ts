import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/proof/ssh/public-key.ts';
import type { Engine } from '../../src/release/engine.ts';
import { resumeRelease, startRelease } from '../../src/release/run-release.ts';
import type { ReleaseState } from '../../src/release/state.ts';
import {
  approversOf,
  keyHolder,
  noteOf,
  omar,
  omarsWord,
  rita,
  sam,
  signedBy,
  statementOf,
} from './people.ts';
import { approval, digests, effect, flagAt, rollbackPhases, step, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().open();
});
afterEach(() => world.close());

const production = { environment: 'production' };
const toCustomers = [
  effect('start-slot', production),
  effect('route-candidate', production),
  effect('set-cohort', { ...production, percent: 5 }),
];
const steps = [step(1, [flagAt(0), approval()]), step(2, toCustomers.concat(flagAt(5)))];

const engineOf = (change: Partial<Engine> = {}, plan = steps) =>
  world.engine(plan, rollbackPhases, change);

function bindingOfStep(state: ReleaseState, number = 1) {
  const binding = state.steps.get(number)?.request?.binding;
  if (binding === undefined) throw new Error('nothing was asked');
  return binding;
}

/** A release whose first step is approved and whose second, to production, has not begun. */
async function approved(): Promise<ReleaseState> {
  const { state } = await startRelease(engineOf(), '1.4.0');
  await engineOf().store.offer(omarsWord(bindingOfStep(state)));
  const { exit, state: next } = await resumeRelease(engineOf(), state.id, { until: 1 });
  expect([exit, next.steps.get(1)?.verdict]).toEqual([0, 'go']);
  return next;
}

const revocation = (state: ReleaseState, who = omar) =>
  noteOf(
    bindingOfStep(state),
    signedBy(
      who,
      statementOf(bindingOfStep(state), {
        ...{ by: who.id, decision: 'revoke', comment: 'the price is wrong' },
      }),
    ),
  );

/** Goes on; the reasons why words were taken back, and those why they were refused. */
async function goOn({ id }: ReleaseState, change: Partial<Engine> = {}) {
  const engine = engineOf(change);
  const { exit, state } = await resumeRelease(engine, id);
  const revoked = engine.entries.flatMap((entry) =>
    entry.type === 'approval.revoked' ? [entry.data] : [],
  );
  const refused = engine.entries.flatMap((entry) =>
    entry.type === 'approval.refused' ? [entry.data.code] : [],
  );
  return { exit, state, revoked, refused };
}

describe('an approved step, before production is changed', () => {
  it('is passed when nothing has changed', async () => {
    const { exit, revoked } = await goOn(await approved());
    expect([exit, revoked]).toEqual([0, []]);
  });

  it('is open again when its word was taken back, and is asked about anew', async () => {
    const state = await approved();
    await engineOf().store.offer(revocation(state));
    const next = await goOn(state);
    expect(next.exit).toBe(4);
    expect(next.revoked).toMatchObject([
      { by: omar.id, reason: 'the price is wrong', signature: expect.stringContaining('SSH') },
    ]);
    expect(world.acts).toEqual([]);
    expect(bindingOfStep(next.state).nonce).not.toBe(bindingOfStep(state).nonce);
    // The word that was taken back is no answer to the new request.
    await engineOf().store.offer(omarsWord(bindingOfStep(state), { comment: 'again' }));
    const replayed = await goOn(next.state);
    expect([replayed.exit, replayed.refused]).toEqual([4, ['APPROVAL_REPLAYED']]);
    await engineOf().store.offer(omarsWord(bindingOfStep(next.state)));
    expect((await goOn(next.state)).exit).toBe(0);
  });

  it('stays when somebody takes it back who may not', async () => {
    const state = await approved();
    await engineOf().store.offer(revocation(state, rita));
    const next = await goOn(state);
    expect([next.exit, next.refused, next.revoked]).toEqual([0, ['APPROVAL_ROLE'], []]);
  });

  it.each<readonly [string, () => void, RegExp]>([
    [
      'the approvers file no longer holds the key',
      () => {
        world.approvers = approversOf(keyHolder(omar.id, omar.name, 'product-manager'));
      },
      /no longer lets Omar V\./,
    ],
    [
      'the person has lost the role',
      () => {
        world.approvers = approversOf({ ...omar, roles: ['release-manager'] });
      },
      /no longer lets Omar V\./,
    ],
    [
      'the key was revoked',
      () => {
        const revoked = [{ fingerprint: fingerprint(omar.key.publicKey), comment: '' }];
        world.approvers = { ...approversOf(omar), revoked };
      },
      /was revoked/,
    ],
    [
      'the plan was edited',
      () => {
        world.planDigest = 'f'.repeat(64);
      },
      /the plan that Omar V\. approved/,
    ],
  ])('is open again when %s', async (_what, change, reason) => {
    const state = await approved();
    const { approvers } = world;
    change();
    const next = await goOn(state);
    expect(next.exit).toBe(4);
    expect(next.revoked).toMatchObject([
      { by: 'aurora', reason: expect.stringMatching(reason), statement: null },
    ]);
    expect(world.acts).toEqual([]);
    world.approvers = approvers;
    world.planDigest = digests.plan;
    await engineOf().store.offer(omarsWord(bindingOfStep(next.state)));
    expect((await goOn(next.state)).exit).toBe(0);
  });

  it('stays open to nobody once customers have met the candidate', async () => {
    const plan = [
      step(1, [flagAt(0), approval()]),
      step(2, toCustomers.concat(flagAt(6), flagAt(5))),
    ];
    const hold = {
      fail: 'hold',
      inconclusive: 'hold',
      error: 'hold',
      catastrophe: 'hold',
    } as const;
    const held = plan.map((row) => ({ ...row, verdicts: hold }));
    const { state } = await startRelease(engineOf({}, held), '1.4.0');
    const engine = engineOf({}, held);
    await engine.store.offer(omarsWord(bindingOfStep(state)));
    const stopped = await resumeRelease(engine, state.id);
    expect(stopped.exit).toBe(4);
    await engine.store.offer(revocation(stopped.state));
    world.approvers = approversOf(sam);
    const again = engineOf({}, held);
    await resumeRelease(again, state.id);
    expect(again.entries.map(({ type }) => type)).not.toContain('approval.revoked');
  });
});

describe('a step that wants the words of several people', () => {
  const two = [step(1, [flagAt(0), approval({ name: null, count: 2 })])];
  const resume = async (id: string) => resumeRelease(engineOf({}, two), id);
  const words = ({ steps: all }: ReleaseState) => all.get(1)?.approvals.map(({ name }) => name);
  const samsWord = (state: ReleaseState, comment: string | null = null) =>
    noteOf(
      bindingOfStep(state),
      signedBy(sam, statementOf(bindingOfStep(state), { by: sam.id, comment })),
    );

  it('waits until enough have given theirs, over resumes too', async () => {
    const { state } = await startRelease(engineOf({}, two), '1.4.0');
    expect(state.steps.get(1)?.request).toMatchObject({ count: 2, eligible: 2 });
    const { store } = engineOf();
    await store.offer(omarsWord(bindingOfStep(state)));
    const half = await resume(state.id);
    expect([half.exit, half.state.status, words(half.state)]).toEqual([4, 'waiting', ['Omar V.']]);
    expect(bindingOfStep(half.state)).toEqual(bindingOfStep(state));
    await store.offer(samsWord(state));
    const whole = await resume(state.id);
    expect([whole.exit, words(whole.state)]).toEqual([0, ['Omar V.', 'Sam K.']]);
    expect(whole.state.steps.get(1)?.checks.at(-1)?.observed).toMatch(/Omar V\..* and Sam K\./);
  });

  it('begins anew when one of them takes the word back meanwhile', async () => {
    const { state } = await startRelease(engineOf({}, two), '1.4.0');
    const { store } = engineOf();
    await store.offer(omarsWord(bindingOfStep(state)));
    await resume(state.id);
    await store.offer(revocation(state));
    const open = await resume(state.id);
    expect([open.exit, words(open.state)]).toEqual([4, []]);
    expect(bindingOfStep(open.state).nonce).not.toBe(bindingOfStep(state).nonce);
  });

  it('ends at one no', async () => {
    const { state } = await startRelease(engineOf({}, two), '1.4.0');
    const { store } = engineOf();
    await store.offer(omarsWord(bindingOfStep(state)));
    const no = { decision: 'reject', comment: 'cut off', by: sam.id } as const;
    await store.offer(
      noteOf(bindingOfStep(state), signedBy(sam, statementOf(bindingOfStep(state), no))),
    );
    const ended = await resume(state.id);
    expect([ended.exit, ended.state.ended?.reason]).toEqual([
      3,
      expect.stringContaining('cut off'),
    ]);
  });

  it('says when the approvers file has too few', async () => {
    world.approvers = approversOf(omar, rita);
    const { state } = await startRelease(engineOf({}, two), '1.4.0');
    expect(state.steps.get(1)?.request).toMatchObject({ count: 2, eligible: 1 });
  });
});
