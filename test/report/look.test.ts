import { describe, expect, it } from 'vitest';
import { lookData } from '../../src/checks/canary/look-data.ts';
import type { WatchPlan } from '../../src/checks/canary/plan.ts';
import { Watching, type WatchReading } from '../../src/judge/watching.ts';
import { readLook } from '../../src/report/look.ts';
import { lookDocument } from '../../src/report/watched.ts';
import { cohort, reading } from '../judge/counts.ts';
import { lookAt, rules, unread } from '../judge/readings.ts';
import { asDocument } from './documents.ts';

const plan: WatchPlan = {
  name: { id: 'canary', title: 'Canary verdict' },
  environment: 'production',
  rules,
  everyMs: 60_000,
  control: 'b'.repeat(64),
  noControl: null,
  flag: null,
};
const counted = (sessions: number, bad = 0) => reading(cohort(sessions, { bad }));

/** The last of these looks, written by a watch and gone through a journal. */
function written(...readings: readonly WatchReading[]) {
  const watching = new Watching(rules);
  const data = readings.map((one) => lookData(watching.look(one), plan, one)).at(-1) ?? {};
  return JSON.parse(JSON.stringify(data));
}

const stories: Readonly<Record<string, readonly WatchReading[]>> = {
  'before any traffic': [lookAt(0, counted(0), counted(0))],
  'in the middle': [lookAt(0, counted(0), counted(0)), lookAt(9, counted(300), counted(5_700))],
  'green at its end': [
    lookAt(0, counted(0), counted(0)),
    lookAt(30, counted(2_000, 1), counted(38_000, 20)),
  ],
  red: [lookAt(0, counted(0), counted(0)), lookAt(9, counted(500, 60), counted(9_500, 9))],
  'never measured': [lookAt(0, unread, unread)],
  'without its control': [lookAt(0, counted(0), null), lookAt(5, counted(200), null)],
  'drifted and extended': [
    lookAt(0, counted(0), counted(0)),
    lookAt(31, counted(90), counted(1_710), { drift: 'the flag says 20 %' }),
  ],
};

describe('a look that a watch wrote', () => {
  it.each(Object.entries(stories))('is read to the last field: %s', (_, readings) => {
    const data = written(...readings);
    const look = readLook(data);
    expect(look?.watch).toBe('canary');
    expect(look?.state).toBe(data.state);
    expect(look?.why).toEqual(data.why);
    expect(look?.metrics).toHaveLength(rules.slo.metrics.length);
    for (const metric of look?.metrics ?? []) {
      const { state, n, bad, unit, limit, done, expectedMs } = data.metrics[metric.id];
      expect(metric).toMatchObject({ state, n, bad, unit, limit, done, expectedMs });
    }
  });

  it.each(Object.entries(stories))('is a document as its schema says: %s', (_, readings) => {
    const seen = { at: '2025-11-22T05:00:00.000Z', data: written(...readings) };
    const document = { aurora: 1, kind: 'canary-look', ...lookDocument('r-1', 7, seen) };
    expect(asDocument(JSON.parse(JSON.stringify(document)))).toMatchObject({ step: 7 });
  });

  it('puts gates first, whatever order the journal gives them', () => {
    const roles = readLook(written(...(stories.red ?? [])))?.metrics.map(({ role }) => role);
    expect(roles).toEqual(roles?.toSorted());
  });
});

describe('progress that is no look', () => {
  it.each([{}, { lines: 3 }, { metrics: [] }, { metrics: {} }, { elapsedMs: 3 }])('%j', (data) => {
    expect(readLook(data)).toBeNull();
    expect(lookDocument('r-1', 4, { at: '', data })).toBeNull();
  });

  it('never throws over what is not as expected', () => {
    const metrics = { errors: { n: 'many', band: 'blue', quantiles: { p50: 3 }, control: [] } };
    const look = readLook({ elapsedMs: 1, metrics, why: [1, 'two'], split: 'no' });
    expect(look?.why).toEqual(['two']);
    expect(look?.metrics[0]).toMatchObject({ id: 'errors', n: 0, band: 'amber', control: null });
  });
});
