import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { Company } from '../../bin/rehearsal/company.mjs';
import type { JournalEntry } from '../../src/release/events.ts';
import { listSlots, visit } from './outside.ts';
import { bandsOf, editShare, looksIn, planAt, shopStats, stateOf } from './watching.ts';

const company = new Company(inject('root'), inject('directory'), inject('ambient'));

/** A quarter of 400 sessions a second meets the candidate: what the plan's 5 % have in half a minute. */
const share = 25;
const customers = { production: 400, staging: 120 };

beforeAll(async () => {
  await company.call(['stack', 'reset']);
  await company.settle('1.3.0');
  await company.shoppers(customers);
  company.config = await planAt(company, share);
});
afterEach(() => company.quiet());

interface Ended {
  readonly id: string;
  readonly code: number;
}

async function release(version: string, until: number, timeScale = 240): Promise<Ended> {
  const words = ['--until', String(until)];
  const { id = '', code } = await company.release(version, { timeScale, words });
  return { id, code };
}

/** Customers get the stable build back, so that the next release can begin. */
async function takeBack(): Promise<void> {
  await company.call(['rollback', '--reason', 'the rehearsal goes on', '--actor', 'On-call']);
}

/** A watch of step 7 that runs, and what has been written down before it. */
interface Watch {
  readonly ended: Promise<{ readonly code: number }>;
  /** The first look of this watch that fits. */
  look(wanted: (data: Record<string, unknown>) => boolean): Promise<unknown>;
  readonly after: number;
}

async function watch(id: string, timeScale: number): Promise<Watch> {
  const others = (await company.releases()).filter((release) => release !== id);
  const after = (await company.journal(id)).length;
  const words = ['--until', '7', '--time-scale', String(timeScale), '--actor', 'Alex W.'];
  const { ended } = company.start(['resume', id, ...words]);
  const look = (wanted: (data: Record<string, unknown>) => boolean) =>
    company.awaitEntry(
      others,
      (entry: JournalEntry) =>
        entry.type === 'watch.progress' &&
        entry.seq > after &&
        entry.data.step === 7 &&
        wanted(entry.data.data ?? {}),
      AbortSignal.timeout(60_000),
    );
  return { ended, look, after };
}

const looksOf = async (id: string, after = 0) => looksIn(await company.journal(id), 7, after);
const counting = (data: Record<string, unknown>) => Number(data.requests ?? 0) > 100;

describe('a canary of a good build', () => {
  it.each([1, 2])('is green within its window: release %i', async () => {
    const { id, code } = await release('1.4.0', 7, 120);
    const state = await stateOf(company, id);
    expect([code, state.steps.get(7)?.verdict]).toEqual([0, 'go']);
    expect(Object.values(bandsOf(state))).not.toContain('red');
    await takeBack();
  });

  it('counts on when the candidate’s process is replaced in the middle, and no customer notices', async () => {
    const { id } = await release('1.4.0', 6);
    const slotOf = async () =>
      (await listSlots(company)).find(
        ({ environment, build }) => environment === 'production' && build === state.facts.candidate,
      );
    const state = await stateOf(company, id);
    const [slot, unlucky] = [await slotOf(), await shopStats(company)];
    const running = await watch(id, 120);
    await running.look(counting);
    await company.call(['stack', 'fault', 'counter-reset']);
    const now = await slotOf();
    expect(now).toMatchObject({ state: 'ready', slot: slot?.slot });
    expect(now?.pid).not.toBe(slot?.pid);
    expect((await running.ended).code).toBe(0);

    const looks = await looksOf(id, running.after);
    const counts = looks.map(({ metrics }) => metrics.errors?.n ?? 0);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBeGreaterThan(679);
    expect(looks.every(({ metrics }) => metrics.errors?.bad === 0)).toBe(true);
    const { byStatus, unexpected } = await shopStats(company);
    expect({ byStatus: { ...byStatus, '2xx': 0, '4xx': 0 }, unexpected }).toEqual({
      byStatus: { ...unlucky.byStatus, '2xx': 0, '4xx': 0 },
      unexpected: unlucky.unexpected,
    });
    await takeBack();
  });
});

describe('a canary that cannot be trusted', () => {
  let id = '';
  beforeAll(async () => {
    ({ id } = await release('1.4.0', 6));
  });

  /** Held, with everything in place: customers still have what they had. */
  async function expectHeld(): Promise<void> {
    const state = await stateOf(company, id);
    expect([state.current, state.steps.get(7)?.verdict]).toEqual([7, 'hold']);
    expect(state.outcome).toBeNull();
    expect(state.rollback).toBeNull();
  }

  it('holds when somebody edits the flag by hand, and names the flag', async () => {
    const running = await watch(id, 240);
    await running.look(counting);
    await editShare(company, 10);
    try {
      expect((await running.ended).code).toBe(4);
      await expectHeld();
      const looks = await looksOf(id, running.after);
      expect(JSON.stringify(looks.at(-1))).toMatch(/AURORA_WIDGET_ENABLED/);
      const { checks = [] } = (await stateOf(company, id)).steps.get(7) ?? {};
      expect(checks.map(({ observed }) => observed).join('\n')).toMatch(/AURORA_WIDGET_ENABLED/);
    } finally {
      await editShare(company, share);
    }
  });

  it('holds when the metrics go away for good, is never green, and says that it is not measured', async () => {
    const running = await watch(id, 240);
    await running.look(counting);
    await company.call(['stack', 'fault', 'metrics-down']);
    try {
      expect((await visit(company, '/api/health')).status).toBe(200);
      expect((await running.ended).code).toBe(4);
      await expectHeld();
      const state = await stateOf(company, id);
      const bands = bandsOf(state);
      expect(bands.canary).toBe('amber');
      const { checks = [] } = state.steps.get(7) ?? {};
      expect(checks.find((check) => check.id === 'canary')).toMatchObject({
        status: 'error',
        observed: expect.stringMatching(/not measured.*status 503/),
      });
    } finally {
      await company.call(['stack', 'fault', 'clear']);
    }
  });

  it('recovers when the metrics come back, and is green in the end', async () => {
    const running = await watch(id, 120);
    await running.look(counting);
    await company.call(['stack', 'fault', 'metrics-down']);
    try {
      await running.look((data) => Number(data.failures ?? 0) >= 2);
    } finally {
      await company.call(['stack', 'fault', 'clear']);
    }
    expect((await running.ended).code).toBe(0);
    const looks = await looksOf(id, running.after);
    const failures = looks.map((look) => look.failures);
    const blind = looks.filter((look) => look.failures > 0);
    expect(Math.max(...failures)).toBeGreaterThanOrEqual(2);
    expect(failures.at(-1)).toBe(0);
    expect(blind.every(({ state }) => state !== 'green')).toBe(true);
    await takeBack();
  });
});

describe('a canary of a bad build', () => {
  // Twice and four times the plan's 0.5 %: of the sessions, each with every request of it.
  it.each([
    ['1.4.0-errors-2x', 60],
    ['1.4.0-errors-4x', 120],
  ])('is rolled back for its errors, and never green: build %s', async (version, timeScale) => {
    const { id, code } = await release(version, 7, timeScale);
    const state = await stateOf(company, id);
    expect([state.current, code, state.outcome]).toEqual([7, 5, 'rolled-back']);
    expect(bandsOf(state)['canary/errors']).toBe('red');
    const looks = await looksOf(id);
    expect(looks.some((look) => look.state === 'green')).toBe(false);
    expect(state.rollback?.ended).toMatchObject({ complete: true, customersSafe: true });
  });

  it('is rolled back for the one endpoint that is slow: build slow-canary', async () => {
    const { id, code } = await release('1.4.0-slow-canary', 7);
    const state = await stateOf(company, id);
    expect([state.current, code, state.outcome]).toEqual([7, 5, 'rolled-back']);
    const red = Object.entries(bandsOf(state)).filter(([, band]) => band === 'red');
    expect(red.map(([id]) => id).sort()).toEqual(['canary', 'canary/products-latency']);
    expect(state.rollback?.ended).toMatchObject({ complete: true, customersSafe: true });
  });
});
