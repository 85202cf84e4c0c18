import { describe, expect, it } from 'vitest';
import { knownOf } from '../../../src/judge/backtest/outcome.ts';
import { watchesIn } from '../../../src/judge/backtest/recorded.ts';
import { foldJournal } from '../../../src/release/state.ts';
import { healthy, stream, until } from './canaries.ts';
import { created, ended, entriesOf, looks, over, release, started, type Told } from './told.ts';

const short = until(healthy, 3 * 60_000);
const watches = (...told: readonly Told[]) => watchesIn(entriesOf(told), 'canary');

describe('the watches in a journal', () => {
  it('are its looks with the rules that they were taken by', () => {
    expect(watches(created, started(7), ...looks(7, stream, short))).toEqual([
      { rules: stream, readings: short },
    ]);
  });

  it('are two where the first held and was repeated', () => {
    const again = until(healthy, 60_000);
    const found = watches(
      created,
      started(7),
      ...looks(7, stream, short),
      ended(7, 'hold'),
      started(7),
      ...looks(7, stream, again),
    );
    expect(found.map(({ readings }) => readings.length)).toEqual([short.length, again.length]);
  });

  it('are one where the first was interrupted and resumed', () => {
    const found = watches(
      created,
      started(7),
      ...looks(7, stream, short.slice(0, 2)),
      ['release.interrupted', { step: 7, signal: 'SIGINT' }],
      ['release.resumed', { from: 7 }],
      started(7),
      ...looks(7, stream, short.slice(2)),
    );
    expect(found).toEqual([{ rules: stream, readings: short }]);
  });

  it('begin anew where time goes back, whatever lies between', () => {
    const found = watches(created, ...looks(7, stream, short), ...looks(7, stream, short));
    expect(found).toHaveLength(2);
  });

  it('are told from those of the ramp, and from progress of another kind', () => {
    const found = watches(
      created,
      started(7),
      ['watch.progress', { step: 7, text: 'still warming' }],
      ['watch.progress', { step: 7, text: 'x', data: { watch: 'canary', forecast: [] } }],
      ...looks(7, stream, short),
      ended(7, 'go'),
      started(8),
      ...looks(8, stream, healthy, 'ramp'),
    );
    expect(found).toEqual([{ rules: stream, readings: short }]);
  });

  it('leave the split out where its rule was not written down', () => {
    const { assignmentAfterMs: _after, ...older } = stream;
    const told = looks(7, stream, short).map(([type, data]) => {
      if (type !== 'watch.progress') throw new Error('not a look');
      const { assignmentAfterMs: _, ...kept } = data.data ?? {};
      return [type, { ...data, data: kept }] as const;
    });
    const [watch] = watches(created, ...told);
    expect(watch?.rules).toMatchObject(older);
    expect(watch?.rules.assignmentAfterMs).toBeGreaterThan(stream.windowMs * 1_000);
  });
});

describe('what is known of a build', () => {
  const known = (...told: readonly Told[]) => knownOf(foldJournal(release, entriesOf(told)));

  it('is that it was good when it was released and kept', () => {
    expect(known(created, started(1), ended(1, 'go'), over('released', 0))).toEqual({
      truth: 'good',
      outcome: 'released',
    });
  });

  it('is that it was bad when it was rolled back, at whichever step', () => {
    const found = known(
      created,
      started(1),
      ended(1, 'rollback'),
      ['rollback.started', { reason: 'red', only: null }],
      ['rollback.ended', { complete: true, failed: [], customersSafe: true, proof: [] }],
      over('rolled-back', 5),
    );
    expect(found).toEqual({ truth: 'bad', outcome: 'rolled back at step 1' });
  });

  it('is nothing while it runs, and when somebody gave it up', () => {
    expect(known(created, started(1))).toMatchObject({ truth: 'unknown' });
    expect(known(created, started(1), ended(1, 'no-go'), over('no-go', 3))).toEqual({
      truth: 'unknown',
      outcome: 'no-go at step 1',
    });
  });
});
