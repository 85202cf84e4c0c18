import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import { judgeSplit } from '../../../src/judge/split-test.ts';
import type { FlagsService } from '../../../src/services/flags/flags.ts';
import { openUnleash } from '../../../src/services/flags/unleash.ts';
import { choose } from '../../../src/stack/edge/choose.ts';
import { type Cohorts, openCohorts } from '../../../src/stack/edge/cohorts.ts';
import type { EdgeTraffic } from '../../../src/stack/edge/state.ts';
import { seedFlags } from '../../../src/stack/flags/seed.ts';
import { flagServerAvailable, type RunningFlags, startFlagsProcess } from '../flags/running.ts';

const available = await flagServerAvailable();
const widget = 'AURORA_WIDGET_ENABLED';
const signal = AbortSignal.timeout(60_000);
const traffic: EdgeTraffic = {
  stable: { slot: 'blue', url: 'http://127.0.0.1:1' },
  candidate: { slot: 'green', url: 'http://127.0.0.1:2' },
};

/** As the shoppers make them: new ones in every run, so no lucky list of names is measured. */
const sessions = Array.from({ length: 10_000 }, () => `sess_${randomUUID()}`);

/** A count of `n` draws at this probability lies outside once in a million runs. */
function bounds(n: number, p: number): readonly [low: number, high: number] {
  const reach = 4.9 * Math.sqrt(n * p * (1 - p));
  return [n * p - reach, n * p + reach];
}

function expectShare(count: number, share: number): void {
  const [low, high] = bounds(sessions.length, share);
  expect(count).toBeGreaterThan(low);
  expect(count).toBeLessThan(high);
}

/** Flags written by aurora into a real Unleash, read by the edge's real client, for its real choice. */
describe.skipIf(!available)('10,000 sessions at the edge', () => {
  let server: RunningFlags;
  let flags: FlagsService;
  let cohorts: Cohorts;

  const inCandidate = (among: readonly string[] = sessions, of: EdgeTraffic = traffic) =>
    among.filter((id) => choose(of, () => cohorts.isCandidate(id))?.cohort === 'candidate');

  /** Resolves when the edge has fetched flags that were changed after this call began. */
  async function change(work: () => Promise<void>): Promise<void> {
    const before = cohorts.view().flagSeenAt;
    await work();
    await vi.waitFor(() => expect(cohorts.view().flagSeenAt).not.toBe(before), { timeout: 10_000 });
  }
  let now = 0;
  async function setTo(percent: number): Promise<void> {
    if (percent === now) return;
    const cohort = { name: 'candidate', percent, build: 'b'.repeat(64) } as const;
    await change(() => flags.setCohort(widget, 'production', cohort, signal));
    now = percent;
  }
  const split = (candidate: number, configured: number) =>
    judgeSplit({ candidate, control: sessions.length - candidate, share: configured });

  beforeAll(async () => {
    server = await startFlagsProcess();
    await seedFlags(server.url, server.tokens.admin, signal);
    flags = openUnleash({
      url: `${server.url}/api/`,
      adminToken: new Secret(server.tokens.admin, 'test'),
      clientTokens: {
        staging: new Secret(server.tokens.development, 'test'),
        production: new Secret(server.tokens.production, 'test'),
      },
      project: 'default',
      environments: { staging: 'development', production: 'production' },
    });
    const unleash = {
      url: `${server.url}/api`,
      clientToken: server.tokens.production,
      environment: 'production',
    };
    cohorts = await openCohorts(unleash, 100);
  }, 60_000);
  afterAll(async () => {
    cohorts?.close();
    await server?.close();
  });

  it('are all stable before a release', () => {
    expect(inCandidate()).toEqual([]);
  });

  it('split at 5 % as 5 % does, stay where they are, and are all still there at 25 %', async () => {
    await setTo(5);
    const first = inCandidate();
    expectShare(first.length, 0.05);
    expect(inCandidate()).toEqual(first);
    expect(split(first.length, 0.05)).toMatchObject({ mismatch: false });

    await setTo(25);
    const wider = inCandidate();
    expectShare(wider.length, 0.25);
    expect(inCandidate(first)).toEqual(first);
    expect(split(wider.length, 0.25)).toMatchObject({ mismatch: false });

    await setTo(5);
    expect(inCandidate()).toEqual(first);
  });

  it('raise no false alarm however often one looks, and one soon when 8 % come instead of 5 %', async () => {
    await setTo(5);
    const alarm = () => {
      let candidate = 0;
      for (const [at, id] of sessions.entries()) {
        candidate += inCandidate([id]).length;
        const seen = at + 1;
        const looked = { candidate, control: seen - candidate, share: 0.05 };
        if (seen % 100 === 0 && judgeSplit(looked).mismatch) return seen;
      }
      return null;
    };
    expect(alarm()).toBeNull();
    await setTo(8);
    expect(alarm()).toBeLessThan(6_000);
    expect(split(inCandidate().length, 0.05)).toMatchObject({
      mismatch: true,
      words: expect.stringContaining('the split is broken'),
    });
  });

  it('are a broken split when the edge has no candidate to send them to', async () => {
    await setTo(5);
    const nobody = inCandidate(sessions, { ...traffic, candidate: null });
    expect(nobody).toEqual([]);
    expect(split(nobody.length, 0.05).mismatch).toBe(true);
  });

  it('are all the candidate’s at 100 %, and all stable as soon as the flag is off', async () => {
    await setTo(100);
    expect(inCandidate()).toHaveLength(sessions.length);
    await change(() => flags.disable([widget], 'production', signal));
    expect(inCandidate()).toEqual([]);
  });
});
