import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { Company } from '../../bin/rehearsal/company.mjs';
import type { JsonObject } from '../../src/base/json.ts';
import type { JournalEntry } from '../../src/release/events.ts';
import { listSlots, visit } from './outside.ts';
import { bandsOf, editShare, looksIn, planAt, shopStats, stateOf } from './watching.ts';

const company = new Company(inject('root'), inject('directory'), inject('ambient'));

/** A quarter of 400 sessions a second meets the candidate: what the plan's 5 % have in half a minute. */
const share = 25;
const customers = { production: 400, staging: 160 };

beforeAll(async () => {
  await company.call(['stack', 'reset']);
  await company.settle('1.3.0');
  await company.shoppers(customers);
  company.config = await planAt(company, share);
});
afterEach(() => company.quiet());

/** Releases a build up to this step, quickly: what is proven here comes at step 7. */
async function release(version: string, until: number, timeScale = 240) {
  const words = ['--until', String(until)];
  const { id = '', code, stdout } = await company.release(version, { timeScale, words });
  return { id, code, stdout, state: await stateOf(company, id) };
}

/** A release that stands before its canary: candidate routed, flag at its share. */
async function beforeCanary(version: string): Promise<string> {
  const { id, code, stdout, state } = await release(version, 6);
  expect([state.current, code], stdout).toEqual([6, 0]);
  return id;
}

/** Customers get the stable build back, so that the next release can begin. */
async function takeBack(): Promise<void> {
  await company.call(['rollback', '--reason', 'the rehearsal goes on', '--actor', 'On-call']);
}

/** A watch of step 7 that runs, and the last entry that was written before it. */
interface Watch {
  readonly ended: Promise<{ readonly code: number; readonly stdout: string }>;
  readonly after: number;
  /** Resolves with the first look of this watch that fits; rejects when the watch ends without one. */
  look(wanted: (data: JsonObject) => boolean): Promise<JournalEntry>;
}

async function watch(id: string, timeScale: number): Promise<Watch> {
  const others = (await company.releases()).filter((release) => release !== id);
  const after = (await company.journal(id)).at(-1)?.seq ?? 0;
  const words = ['--until', '7', '--time-scale', String(timeScale), '--actor', 'Alex W.'];
  const { ended } = company.start(['resume', id, ...words]);
  const over = new AbortController();
  const told = ended.then((result) => {
    over.abort(new Error(`the watch ended early: ${result.stdout}${result.stderr}`));
    return result;
  });
  const isLook = (entry: JournalEntry, wanted: (data: JsonObject) => boolean) =>
    entry.type === 'watch.progress' &&
    entry.seq > after &&
    entry.data.step === 7 &&
    wanted(entry.data.data ?? {});
  return {
    ended: told,
    after,
    look: (wanted) =>
      company.awaitEntry(others, (entry: JournalEntry) => isLook(entry, wanted), over.signal),
  };
}

const looksOf = async (id: string, after = 0) => looksIn(await company.journal(id), 7, after);
const counting = (data: JsonObject) => Number(data.requests ?? 0) > 100;

describe('a canary of a good build', () => {
  // That one is simply green is what the quickstart shows, at the plan's own share; twenty more, as the gate
  // saw them live, are judged again in test/judge.
  it('counts on when the candidate’s process is replaced in the middle, and no customer notices', async () => {
    const id = await beforeCanary('1.4.0');
    const slotOf = async () =>
      (await listSlots(company)).find(
        ({ environment, build }) => environment === 'production' && build === state.facts.candidate,
      );
    const state = await stateOf(company, id);
    const [slot, unlucky] = [await slotOf(), await shopStats(company)];
    const running = await watch(id, 180);
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
    id = await beforeCanary('1.4.0');
  });

  const checkOf = async (wanted: string) =>
    (await stateOf(company, id)).steps.get(7)?.checks.find((check) => check.id === wanted);

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
      expect((await looksOf(id, running.after)).at(-1)?.drift).toContain('at 10 %');
      expect(await checkOf('canary/flag')).toMatchObject({
        title: expect.stringContaining('AURORA_WIDGET_ENABLED'),
        status: 'inconclusive',
        observed: expect.stringContaining('somebody edited it'),
      });
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
      expect(await checkOf('canary')).toMatchObject({
        status: 'error',
        band: 'amber',
        observed: expect.stringMatching(/not measured.*503/),
      });
      const looks = await looksOf(id, running.after);
      expect(looks.some(({ state }) => state === 'green')).toBe(false);
    } finally {
      await company.call(['stack', 'fault', 'clear']);
    }
  });

  it('recovers when the metrics come back, and is green in the end', async () => {
    const running = await watch(id, 180);
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
    const id = await beforeCanary(version);
    const { ended } = await watch(id, timeScale);
    expect((await ended).code).toBe(5);
    const state = await stateOf(company, id);
    expect([state.current, state.outcome]).toEqual([7, 'rolled-back']);
    // Whichever counts failures proves it first: all requests, or those of one endpoint.
    const red = Object.entries(bandsOf(state)).filter(([, band]) => band === 'red');
    const [verdict, ...metrics] = red.map(([check]) => check).sort();
    expect(verdict).toBe('canary');
    expect(metrics).not.toEqual([]);
    expect(metrics.filter((id) => !/^canary\/(errors|.*-availability)$/.test(id))).toEqual([]);
    expect((await looksOf(id)).some((look) => look.state === 'green')).toBe(false);
    expect(state.rollback?.ended).toMatchObject({ complete: true, customersSafe: true });
  });

  it('is rolled back for the one endpoint that is slow: build slow-canary', async () => {
    const { code, state } = await release('1.4.0-slow-canary', 7);
    expect([state.current, code, state.outcome]).toEqual([7, 5, 'rolled-back']);
    const red = Object.entries(bandsOf(state)).filter(([, band]) => band === 'red');
    expect(red.map(([check]) => check).sort()).toEqual(['canary', 'canary/products-latency']);
    expect(state.rollback?.ended).toMatchObject({ complete: true, customersSafe: true });
  });
});
