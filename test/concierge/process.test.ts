import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { migrations } from '../../src/concierge/storage/migrations.ts';
import { packBuild, type StoredBuild } from '../../src/deploy/builds/pack-build.ts';
import { cleanUpAfterwards, fixture, temporaryDirectory } from '../deploy/builds/support.ts';
import { ask, freshSession, paths } from './support/ask.ts';
import { runBuild, type Slot, startSlot } from './support/slot.ts';
import { apiKey, useWorld } from './support/world.ts';

cleanUpAfterwards();

const world = useWorld();
const builds = new Map<string, StoredBuild>();
const slots: Slot[] = [];
beforeAll(async () => {
  const outDirectory = await temporaryDirectory();
  for (const name of ['1.3.0', '1.4.0-crash', '1.4.0-stubs']) {
    builds.set(name, await packBuild({ source: fixture(name), outDirectory }));
  }
});
afterAll(async () => {
  for (const slot of slots) slot.process.kill('SIGKILL');
  await Promise.all(slots.map(({ ended }) => ended));
});

function build(name: string): StoredBuild {
  const found = builds.get(name);
  if (found === undefined) throw new Error(`${name} was not packed`);
  return found;
}

async function start(name: string): Promise<Slot> {
  const slot = await startSlot(build(name).directory, world.variables());
  slots.push(slot);
  return slot;
}

describe('a packed build', () => {
  it('answers with its own digest, serves its widget, and ends cleanly on SIGTERM', async () => {
    const slot = await start('1.3.0');
    const { digest } = build('1.3.0');
    const health = await (await fetch(`${slot.url}/api/health`)).json();
    expect(health).toMatchObject({ build: digest, stubs: { active: false } });
    const pointer = await (await fetch(`${slot.url}/widget.js`)).text();
    const path = /\/widget\/[0-9a-f]{64}\.js/.exec(pointer)?.[0];
    const bundle = await (await fetch(slot.url + path)).text();
    expect(bundle).toContain('aurora-concierge');
    const sessionId = freshSession();
    const { status } = await ask(slot.url, paths.csat, { sessionId, rating: 'great' });
    expect(status).toBe(200);
    const asked = Date.now();
    slot.process.kill('SIGTERM');
    expect(await slot.ended).toBe(0);
    expect(Date.now() - asked).toBeLessThan(2_000);
    const event = await world.events.collection('events').findOne({ sessionId });
    expect(event?.build).toBe(digest);
    const lines = slot.output().trim().split('\n');
    expect(lines.every((line) => line.startsWith('{') && line.endsWith('}'))).toBe(true);
    expect(lines.map((line) => JSON.parse(line)).some((l) => l.sessionId === sessionId)).toBe(true);
  });
  it('migrates forward, twice without harm, and heals a dropped index', async () => {
    const migrate = async () => {
      const run = runBuild(build('1.3.0').directory, world.variables(), ['migrate:up']);
      expect(await run.ended).toBe(0);
      return JSON.parse(run.output()) as Record<string, unknown>;
    };
    await migrate();
    const feedback = world.db.collection('csatFeedback');
    await feedback.dropIndex('sessionId_1');
    expect(await migrate()).toEqual({
      applied: [],
      verified: migrations.map(({ id }) => id),
    });
    expect(await feedback.indexExists('sessionId_1')).toBe(true);
  });
  it('lets go of what was kept for long enough, or only says so', async () => {
    const retain = async (...options: string[]) => {
      const run = runBuild(build('1.3.0').directory, world.variables(), ['retention', ...options]);
      return { code: await run.ended, output: run.output() };
    };
    await world.db.collection('csatFeedback').insertOne({
      sessionId: 'sess_of_last_year',
      rating: 'great',
      score: 5,
      timestamp: new Date(Date.now() - 200 * 86_400_000),
    });
    const foreseen = await retain('--dry-run');
    expect(foreseen.code).toBe(0);
    expect(JSON.parse(foreseen.output)).toMatchObject({
      dryRun: true,
      rules: [{ due: 1, done: 0 }, {}, {}],
    });
    expect(JSON.parse((await retain()).output)).toMatchObject({
      rules: [{ due: 1, done: 1 }, {}, {}],
    });
    expect(await retain('--dryrun')).toEqual({
      code: 2,
      output: '--dryrun is no option of retention; there is --dry-run\n',
    });
  });
  it('says what is missing instead of starting', async () => {
    const { MONGODB_URI: _uri, ...variables } = world.variables();
    const run = runBuild(build('1.3.0').directory, variables);
    expect(await run.ended).toBe(2);
    expect(run.output()).toBe('MONGODB_URI is not set\n');
  });
});

describe('build 1.4.0-crash', () => {
  it('survives health checks and a smoke run, and dies under real traffic', async () => {
    const slot = await start('1.4.0-crash');
    const smokes = Array.from({ length: 12 }, () =>
      ask(slot.url, paths.products, { sessionId: freshSession() }),
    );
    expect((await Promise.all(smokes)).every(({ status }) => status === 200)).toBe(true);
    for (let n = 0; n < 80; n += 1) await fetch(`${slot.url}/api/health`);
    expect(slot.process.exitCode).toBeNull();
    await vi.waitFor(
      async () => {
        const sessionId = freshSession();
        await ask(slot.url, paths.products, { sessionId }).catch(() => undefined);
        expect(slot.process.exitCode).not.toBeNull();
      },
      { timeout: 8_000, interval: 1 },
    );
    expect(await slot.ended).not.toBe(0);
    expect(slot.output()).toContain('TypeError');
    expect(slot.output()).not.toContain(apiKey);
  });
});

describe('build 1.4.0-stubs', () => {
  it('runs with stubs active although the environment says false', async () => {
    const slot = await start('1.4.0-stubs');
    const health = await (await fetch(`${slot.url}/api/health`)).json();
    expect(health).toMatchObject({ stubs: { active: true, fakeMode: 'true' } });
  });
});
