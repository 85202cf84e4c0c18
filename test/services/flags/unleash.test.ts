import { randomUUID } from 'node:crypto';
import { initialize, type Unleash } from 'unleash-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import type { FlagsService } from '../../../src/services/flags/flags.ts';
import { openUnleash, type UnleashOptions } from '../../../src/services/flags/unleash.ts';
import { seedFlags } from '../../../src/stack/flags/seed.ts';
import {
  flagServerAvailable,
  type RunningFlags,
  startFlagsProcess,
} from '../../stack/flags/running.ts';

const available = await flagServerAvailable();
const widget = 'AURORA_WIDGET_ENABLED';
const planned = [widget, 'AURORA_TIMELINE_ENABLED', 'AURORA_RETURNS_ENABLED'];
const stableBuild = 'a'.repeat(64);
const candidateBuild = 'b'.repeat(64);
const signal = AbortSignal.timeout(120_000);

describe.skipIf(!available)('the flag service on a real Unleash', () => {
  let server: RunningFlags;
  let flags: FlagsService;
  const options = (): UnleashOptions => ({
    url: `${server.url}/api/`,
    adminToken: new Secret(server.tokens.admin, 'test'),
    clientTokens: {
      staging: new Secret(server.tokens.development, 'test'),
      production: new Secret(server.tokens.production, 'test'),
    },
    project: 'default',
    environments: { staging: 'development', production: 'production' },
  });
  const admin = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${server.url}/api/admin/projects/default/features${path}`, {
      method,
      headers: { authorization: server.tokens.admin, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.ok).toBe(true);
  };

  beforeAll(async () => {
    server = await startFlagsProcess();
    flags = openUnleash(options());
  }, 60_000);
  afterAll(() => server?.close());
  beforeEach(() => seedFlags(server.url, server.tokens.admin, signal));

  it('reads a new stack: on, everybody in the stable cohort, no build named', async () => {
    for (const environment of ['staging', 'production'] as const) {
      const state = await flags.read(widget, environment, signal);
      expect(state).toMatchObject({ name: widget, environment, enabled: true });
      expect(state.strategies).toHaveLength(1);
      expect(state.strategies[0]).toMatchObject({ cohort: 'stable', percent: 100, build: null });
    }
  });

  it('puts the candidate before the stable cohort, as applications see it', async () => {
    await flags.setCohort(
      widget,
      'production',
      { name: 'stable', percent: 100, build: stableBuild },
      signal,
    );
    await flags.setCohort(
      widget,
      'production',
      { name: 'candidate', percent: 5, build: candidateBuild },
      signal,
    );
    const expected = [
      { cohort: 'candidate', percent: 5, build: candidateBuild },
      { cohort: 'stable', percent: 100, build: stableBuild },
    ];
    expect((await flags.seen(widget, 'production', signal)).strategies).toMatchObject(expected);
    expect((await flags.read(widget, 'production', signal)).strategies).toMatchObject(expected);
    expect((await flags.seen(widget, 'staging', signal)).strategies).toHaveLength(1);
  });

  it('changes a cohort in place: the strategy keeps its id', async () => {
    const cohort = { name: 'candidate', build: candidateBuild } as const;
    await flags.setCohort(widget, 'production', { ...cohort, percent: 5 }, signal);
    const [before] = (await flags.read(widget, 'production', signal)).strategies;
    await flags.setCohort(widget, 'production', { ...cohort, percent: 25 }, signal);
    const [after] = (await flags.read(widget, 'production', signal)).strategies;
    expect(after).toMatchObject({ id: before?.id, percent: 25, cohort: 'candidate' });
  });

  it('moves a stable strategy that somebody put in front behind the candidate', async () => {
    const state = await flags.read(widget, 'production', signal);
    const id = state.strategies[0]?.id ?? '';
    await admin('POST', `/${widget}/environments/production/strategies/set-sort-order`, [
      { id, sortOrder: 0 },
    ]);
    await flags.setCohort(
      widget,
      'production',
      { name: 'candidate', percent: 5, build: candidateBuild },
      signal,
    );
    const cohorts = (await flags.seen(widget, 'production', signal)).strategies.map(
      (s) => s.cohort,
    );
    expect(cohorts).toEqual(['candidate', 'stable']);
  });

  it('keeps and reports a strategy that is none of its own', async () => {
    await admin('POST', `/${widget}/environments/production/strategies`, {
      name: 'flexibleRollout',
      parameters: { rollout: '50', stickiness: 'default', groupId: 'by-hand' },
    });
    await flags.setCohort(
      widget,
      'production',
      { name: 'candidate', percent: 5, build: candidateBuild },
      signal,
    );
    await flags.removeCohort(widget, 'production', 'stable', signal);
    const { strategies } = await flags.read(widget, 'production', signal);
    expect(strategies.map((s) => [s.cohort, s.percent])).toEqual([
      ['candidate', 5],
      [null, 50],
    ]);
  });

  it('removes a cohort, and removing it again changes nothing', async () => {
    await flags.setCohort(
      widget,
      'staging',
      { name: 'candidate', percent: 5, build: candidateBuild },
      signal,
    );
    await flags.removeCohort(widget, 'staging', 'candidate', signal);
    await flags.removeCohort(widget, 'staging', 'candidate', signal);
    const { strategies } = await flags.read(widget, 'staging', signal);
    expect(strategies.map((s) => s.cohort)).toEqual(['stable']);
  });

  it('switches all three flags off in one environment only, and on again', async () => {
    await flags.disable(planned, 'production', signal);
    for (const name of planned) {
      expect((await flags.seen(name, 'production', signal)).enabled).toBe(false);
      expect((await flags.seen(name, 'staging', signal)).enabled).toBe(true);
    }
    await flags.enable(widget, 'production', signal);
    const seen = await flags.seen(widget, 'production', signal);
    expect(seen).toMatchObject({ enabled: true, strategies: [{ cohort: 'stable' }] });
  });

  it('switches off what exists even when one flag does not, and names that one', async () => {
    const failed = flags.disable([...planned, 'AURORA_NO_SUCH'], 'production', signal);
    await expect(failed).rejects.toMatchObject({
      code: 'SERVICE_REFUSED',
      message: expect.stringContaining('AURORA_NO_SUCH'),
    });
    for (const name of planned) {
      expect((await flags.seen(name, 'production', signal)).enabled).toBe(false);
    }
  });

  it('refuses a flag that does not exist, with what to do', async () => {
    await expect(flags.read('AURORA_NO_SUCH', 'production', signal)).rejects.toMatchObject({
      code: 'SERVICE_REFUSED',
      remedy: expect.stringContaining('Create the flag'),
    });
    await expect(flags.seen('AURORA_NO_SUCH', 'production', signal)).rejects.toMatchObject({
      code: 'SERVICE_REFUSED',
    });
  });

  it('is healthy with good tokens, and says which token is wrong', async () => {
    expect(await flags.health(signal)).toMatchObject({ ok: true });
    const { clientTokens } = options();
    const swapped = openUnleash({
      ...options(),
      clientTokens: { staging: clientTokens.production, production: clientTokens.production },
    });
    const health = await swapped.health(signal);
    expect(health).toMatchObject({ ok: false, detail: expect.stringContaining('staging') });
    const stranger = openUnleash({
      ...options(),
      adminToken: new Secret('*:*.wrong-token', 'test'),
    });
    expect(await stranger.health(signal)).toMatchObject({
      ok: false,
      remedy: expect.stringContaining('token'),
    });
  });

  it('gives 5 % of sessions the candidate, all others stable, and nobody when off', async () => {
    await flags.setCohort(
      widget,
      'production',
      { name: 'stable', percent: 100, build: stableBuild },
      signal,
    );
    await flags.setCohort(
      widget,
      'production',
      { name: 'candidate', percent: 5, build: candidateBuild },
      signal,
    );
    const client = await openClient(server);
    try {
      await expect
        .poll(() => countCohorts(client).candidate, { timeout: 8_000 })
        .toBeGreaterThan(0);
      const shares = countCohorts(client);
      expect(shares.stable + shares.candidate).toBe(5_000);
      expect(shares.candidate).toBeGreaterThan(175);
      expect(shares.candidate).toBeLessThan(330);
      await flags.disable([widget], 'production', signal);
      await expect
        .poll(() => countCohorts(client), { timeout: 8_000 })
        .toEqual({ candidate: 0, stable: 0, hidden: 5_000 });
    } finally {
      client.destroy();
    }
  });

  it('sets and resets the flags in well under a second', async () => {
    const started = performance.now();
    await seedFlags(server.url, server.tokens.admin, signal);
    expect(performance.now() - started).toBeLessThan(1_500);
  });
});

const sessions = Array.from({ length: 5_000 }, () => `sess_${randomUUID()}`);

function countCohorts(client: Unleash) {
  const counts = { candidate: 0, stable: 0, hidden: 0 };
  for (const sessionId of sessions) {
    const variant = client.getVariant(widget, { sessionId });
    const name = variant.feature_enabled ? variant.name : 'hidden';
    if (name === 'candidate' || name === 'stable' || name === 'hidden') counts[name] += 1;
  }
  return counts;
}

async function openClient(server: RunningFlags): Promise<Unleash> {
  const client = initialize({
    url: `${server.url}/api/`,
    appName: 'aurora-test',
    customHeaders: { Authorization: server.tokens.production },
    refreshInterval: 200,
    disableMetrics: true,
    storageProvider: { get: async () => undefined, set: async () => undefined },
  });
  client.on('error', () => undefined);
  await new Promise((resolve) => client.once('synchronized', resolve));
  return client;
}
