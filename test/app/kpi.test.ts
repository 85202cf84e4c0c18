import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refuseOpenCandidate } from '../../src/app/verbs/kpi-candidate.ts';
import type { Baseline } from '../../src/checks/kpi-baseline.ts';
import { candidate, type JournalBuilder, stable } from '../report/journal-builder.ts';
import * as journeys from '../report/journeys.ts';
import { useDatabase } from '../stack/mongo/harness.ts';
import { Desk } from './support.ts';

const mongo = useDatabase();
const hour = 3_600_000;

let desk: Desk;
beforeEach(async () => {
  desk = await (await new Desk().open()).configured();
  desk.variables.AURORA_MONGODB_URI = mongo.uri;
  await mongo.client.db('aurora').dropDatabase();
});
afterEach(() => desk.close());

/** Sessions of the last days: each was shown products, every third reserved, every tenth was unhappy. */
async function customers(sessions: number, hoursAgo: number, build = stable.digest): Promise<void> {
  const timestamp = new Date(Date.now() - hoursAgo * hour);
  const common = { timestamp, environment: 'prod', build };
  const events = Array.from({ length: sessions }, (_, n) => n).flatMap((n) => {
    const one = { ...common, sessionId: `s_${hoursAgo}_${n}`, requestId: `r_${hoursAgo}_${n}` };
    return [
      { ...one, event: 'aurora_products_shown' },
      ...(n % 3 === 0 ? [{ ...one, event: 'aurora_capsule_reserved' }] : []),
      {
        ...one,
        event: 'aurora_csat_submitted',
        rating: n % 10 === 0 ? 'needs_follow_up' : 'great',
      },
    ];
  });
  await mongo.client.db('aurora').collection('events').insertMany(events);
}

describe('aurora kpi', () => {
  it('measures the seven days before now and shows them', async () => {
    await customers(300, 24);
    await customers(300, 24 * 8);
    const measured = await desk.run('kpi', 'baseline');
    expect([measured.exit, measured.stderr]).toEqual([0, '']);
    const shown = await desk.run('kpi', 'show');
    expect(shown.stdout).toMatch(
      /Capsule conversion +33\.3 % +28\.2 % to 38\.8 % +100 of 300 +300/,
    );
    expect(shown.stdout).toMatch(/Negative CSAT answers +10 % .* 30 of 300/);
    expect(shown.stdout).toContain(`Builds: ${stable.digest.slice(0, 12)} (700 events)`);
    expect(measured.stdout).toContain(shown.stdout.trim());
    expect((await desk.run('kpi', 'show', '--json')).json()).toMatchObject({
      baseline: { kpis: { negativeCsat: { hits: 30, n: 300, sessions: 300 } } },
    });
  });

  it('measures the seven days before another moment', async () => {
    await customers(300, 24);
    await customers(90, 24 * 8);
    const until = new Date(Date.now() - 48 * hour).toISOString();
    const measured = await desk.run('kpi', 'baseline', '--until', until, '--json');
    expect(measured.json()).toMatchObject({
      baseline: { to: until, kpis: { capsuleConversion: { hits: 30, n: 90 } } },
    });
  });

  it.each([
    '2999-01-01T00:00:00Z',
    'yesterday',
    '7',
  ])('takes no end of the seven days like %s', async (until) => {
    const { exit, stderr } = await desk.run('kpi', 'baseline', '--until', until);
    expect([exit, stderr]).toEqual([2, expect.stringContaining('must be a past time')]);
  });

  it('ends with 4 where there is nothing to measure, and keeps the baseline there was', async () => {
    expect((await desk.run('kpi', 'baseline')).exit).toBe(4);
    const shown = await desk.run('kpi', 'show');
    expect([shown.exit, shown.stderr]).toEqual([4, expect.stringContaining('aurora kpi baseline')]);
  });
});

describe('a baseline', () => {
  const sample = { hits: 1, n: 10, sessions: 10, effect: 1 };
  const baseline = (...builds: string[]): Baseline => ({
    format: 2,
    measuredAt: '2025-11-22T05:00:00.000Z',
    from: '2025-11-15T05:00:00.000Z',
    to: '2025-11-22T05:00:00.000Z',
    definitions: '',
    builds: builds.map((build) => ({ build, events: 7 })),
    kpis: { capsuleConversion: sample, negativeCsat: sample },
  });
  const storeOf = ({ state, entries }: JournalBuilder) => ({
    list: async () => [state.id],
    read: async () => entries,
  });

  it('is refused while it holds customers of a release that has not ended', async () => {
    const journal = journeys.canaryJourney();
    const call = refuseOpenCandidate(baseline(stable.digest, candidate.digest), storeOf(journal));
    await expect(call).rejects.toMatchObject({
      code: 'RELEASE_STATE',
      message: expect.stringContaining('7 events of the candidate'),
      remedy: expect.stringContaining('aurora kpi baseline --until'),
    });
  });

  it('is taken when the candidate is not in it, when its release ended, and without any', async () => {
    const both = baseline(stable.digest, candidate.digest);
    const without = baseline(stable.digest);
    await refuseOpenCandidate(without, storeOf(journeys.canaryJourney()));
    await refuseOpenCandidate(both, storeOf(journeys.releasedJourney()));
    await refuseOpenCandidate(both, { list: async () => [], read: async () => [] });
  });
});
