import { describe, expect, it } from 'vitest';
import { JournalBuilder } from '../report/journal-builder.ts';
import { lookData } from '../report/looks.ts';

const begun = () => new JournalBuilder().create().start(7);
const looked = (journal: JournalBuilder, change: Parameters<typeof lookData>[0] = {}, step = 7) =>
  journal.wait(1_000).add('watch.progress', { step, text: 'look', data: lookData(change) });
const looksOf = (journal: JournalBuilder, step = 7) => journal.state.steps.get(step)?.looks ?? [];

describe('the looks of a step', () => {
  it('are kept with their time, without the raw reading', () => {
    const [look, ...more] = looksOf(looked(begun(), { readings: 1 }));
    expect(more).toEqual([]);
    expect(look?.at).toBe('2025-11-22T04:30:01.000Z');
    expect(look?.data).toMatchObject({ watch: 'canary', readings: 1 });
    expect(look?.data).not.toHaveProperty('reading');
  });

  it('are the latest sixty of each watch, however long it lasts', () => {
    const journal = begun();
    for (let i = 0; i < 5; i += 1) looked(journal, { watch: 'ramp-25', readings: i });
    for (let i = 0; i < 80; i += 1) looked(journal, { watch: 'ramp', readings: i });
    const looks = looksOf(journal).map(({ data }) => data);
    expect(looks.filter(({ watch }) => watch === 'ramp-25')).toHaveLength(5);
    const ramp = looks.filter(({ watch }) => watch === 'ramp');
    expect(ramp.map(({ readings }) => readings)).toEqual(
      Array.from({ length: 60 }, (_, i) => i + 20),
    );
  });

  it('stay when an interrupted watch goes on', () => {
    const journal = looked(begun()).add('release.interrupted', { step: 7, signal: 'SIGINT' });
    journal.add('release.resumed', { from: 7 }).start(7);
    expect(looksOf(looked(journal))).toHaveLength(2);
  });

  it('go when a watch that came to a verdict is taken anew', () => {
    const journal = looked(begun()).end(7, 'hold', ['amber']);
    journal.add('release.held', { step: 7, reason: 'amber', waitsFor: 'evidence' });
    journal.add('release.resumed', { from: 7 }).start(7);
    expect(looksOf(journal)).toEqual([]);
  });

  it('are none where progress has no data', () => {
    const journal = begun().add('watch.progress', { step: 7, text: '3 of 7 lines' });
    expect(looksOf(journal)).toEqual([]);
    expect(journal.state.steps.get(7)?.progress).toBe('3 of 7 lines');
  });
});
