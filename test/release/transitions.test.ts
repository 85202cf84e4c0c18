import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../src/release/events.ts';
import { refusal } from '../../src/release/follow-table.ts';
import { applyEntry, emptyState, foldJournal, type ReleaseState } from '../../src/release/state.ts';
import { machines, statusOf } from '../../src/release/transitions.ts';
import { entryOf, events, garbage } from './model/entries.ts';
import {
  accepted,
  compensationStanding,
  effectStanding,
  firstBefore,
  outcomeOf,
  requestStanding,
  standing,
  stepStanding,
  verdictOf,
  withNext,
} from './model/naive.ts';
import { allCells, cellsOf, everyState, few, legalWalk } from './model/walk.ts';

const walks = fc.array(fc.nat(99_999), { maxLength: 60 }).map(legalWalk);
/** Journals that the table allows, with anything at all strewn in. */
const strewn = fc
  .tuple(walks, garbage)
  .map(([walk, some]) =>
    walk
      .flatMap((entry, index) => [entry, ...some.slice(index, index + 1)])
      .map(({ type, data }, index) => entryOf({ type, data } as (typeof events)[number], index)),
  );
const journals = fc.oneof(walks, garbage, strewn);

const reached = everyState();

const steps = [1, 2];
const effects = ['0/slot', '1/slot', '2/slot', '1/flag'];
const compensations = ['flags', 'cdn'];

/** What the fold says, in the shape that the naive model is asked for. */
function told(state: ReleaseState) {
  return {
    place: state.place,
    outcome: state.outcome,
    entries: state.entries - state.refused.length,
    steps: steps.map((step) => {
      const found = state.steps.get(step);
      return [found?.status ?? 'none', found?.verdict ?? null, found?.requestStatus ?? 'none'];
    }),
    effects: effects.map((key) => {
      const found = state.effects.get(key);
      return [found?.status ?? 'none', found?.before];
    }),
    compensations: compensations.map(
      (key) => state.rollback?.compensations.get(key)?.status ?? 'none',
    ),
  };
}

function naively(past: readonly JournalEntry[]) {
  return {
    place: standing(past),
    outcome: outcomeOf(past),
    entries: past.length,
    steps: steps.map((step) => [
      stepStanding(past, step),
      verdictOf(past, step),
      requestStanding(past, step),
    ]),
    effects: effects.map((key) => [effectStanding(past, key), firstBefore(past, key)]),
    compensations: compensations.map((key) => compensationStanding(past, key)),
  };
}

/** Every state on the way, the empty one first. */
function states(entries: readonly JournalEntry[]): readonly ReleaseState[] {
  const all = [emptyState('r1')];
  for (const entry of entries) all.push(applyEntry(all.at(-1) ?? emptyState('r1'), entry));
  return all;
}

describe('the table of states', () => {
  it('tells the same as a naive model, in any order of entries', () => {
    fc.assert(
      fc.property(journals, (entries) => {
        expect(told(foldJournal('r1', entries))).toEqual(naively(accepted(entries)));
      }),
      { numRuns: 200 },
    );
  });

  it('takes every entry of a journal that was written by it', () => {
    fc.assert(
      fc.property(walks, (entries) => {
        expect(foldJournal('r1', entries).refused).toEqual([]);
      }),
    );
  });

  it('says why it refuses exactly where the fold passes over', () => {
    fc.assert(
      fc.property(garbage, (entries) => {
        const all = states(entries);
        for (const [index, entry] of entries.entries()) {
          const before = all[index] ?? emptyState('r1');
          const refused = all[index + 1]?.refused.length !== before.refused.length;
          expect(refusal(before, entry.type, entry.data) !== null).toBe(refused);
        }
      }),
    );
  });

  it('is the same folded at once or after any prefix', () => {
    fc.assert(
      fc.property(journals, fc.nat(60), (entries, cut) => {
        let state = foldJournal('r1', entries.slice(0, cut));
        for (const entry of entries.slice(cut)) state = applyEntry(state, entry);
        expect(state).toEqual(foldJournal('r1', entries));
      }),
    );
  });

  it('never leaves the end, but for a rollback', () => {
    fc.assert(
      fc.property(journals, (entries) => {
        const all = states(entries);
        for (const [index, entry] of entries.entries()) {
          if (all[index]?.status !== 'ended' || entry.type === 'rollback.started') continue;
          expect(all[index + 1]?.status).toBe('ended');
          expect(all[index + 1]?.outcome).toBe(all[index]?.outcome);
        }
      }),
    );
  });

  it('only gathers facts, and never forgets what was there before an effect', () => {
    fc.assert(
      fc.property(journals, (entries) => {
        const all = states(entries);
        for (const [index, after] of all.slice(1).entries()) {
          const before = all[index] ?? after;
          const known = Object.keys(before.facts);
          // A release that is created has its own facts, which are the first ones.
          if (entries[index]?.type === 'release.created') continue;
          expect(Object.keys(after.facts)).toEqual(expect.arrayContaining(known));
          for (const [key, effect] of before.effects)
            expect(after.effects.get(key)?.before).toBe(effect.before);
        }
      }),
    );
  });

  it('reaches every place, through every cell', () => {
    const cells = reached.flatMap(({ state }) =>
      events.flatMap((one) => cellsOf(state, one) ?? []),
    );
    expect([...new Set(cells)].sort()).toEqual([...allCells()].sort());
    expect(allCells().length).toBeGreaterThan(200);
    const places = [...new Set(reached.map(({ state }) => state.place))].sort();
    expect(places).toEqual(Object.keys(machines.release.places).sort());
    expect(Object.keys(statusOf).sort()).toEqual(places);
  });

  it('tells the same as the naive model of every event in every state that can be reached', () => {
    for (const { past, state } of reached) {
      for (const event of few) {
        const entry = entryOf(event, past.length);
        const after = told(applyEntry(state, entry));
        const expected = naively(withNext(past, entry));
        if (!isDeepStrictEqual(after, expected)) expect({ entry, ...after }).toEqual(expected);
      }
    }
    expect(reached.length).toBeGreaterThan(200);
  });

  it('names what does not fit, and where the thing stands', () => {
    const [first] = events.filter(({ type }) => type === 'compensation.done');
    if (first === undefined) throw new Error('no such event');
    expect(refusal(emptyState('r1'), first.type, first.data)).toBe(
      'compensation.done does not fit: the release is none (nothing has been done yet)',
    );
  });
});
