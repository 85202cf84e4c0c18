import { describe, expect, it } from 'vitest';
import type { EventData, EventType, JournalEntry } from '../../src/release/events.ts';
import { looksOf } from '../../src/release/looks.ts';

const entries: JournalEntry[] = [];
function add<T extends EventType>(type: T, data: EventData[T]): void {
  const at = new Date(1_760_000_000_000 + entries.length * 1_000).toISOString();
  const frame = { v: 1, release: 'r1', seq: entries.length + 1, prev: '', at, actor: 'Alex W.' };
  entries.push({ ...frame, type, data } as JournalEntry);
}
const look = (step: number, nth: number) =>
  add('watch.progress', { step, text: 'collecting', data: { nth } });

look(7, 1);
add('watch.progress', { step: 7, text: 'without data' });
add('step.ended', { step: 7, verdict: 'hold', reasons: [], evidence: '' });
look(7, 2);
add('step.ended', { step: 6, verdict: 'go', reasons: [], evidence: '' });
look(7, 3);

describe('looks of a release', () => {
  it('are interrupted where their step has no verdict since', () => {
    expect(looksOf(entries, 7).map(({ data, interrupted }) => [data.nth, interrupted])).toEqual([
      [1, false],
      [2, true],
      [3, true],
    ]);
  });

  it('are told to the steps after, as what they were', () => {
    expect(looksOf(entries, 8).map(({ interrupted }) => interrupted)).toEqual([
      false,
      false,
      false,
    ]);
    expect(looksOf(entries, 8)[0]).toMatchObject({ step: 7, at: 1_760_000_000_000 });
  });
});
