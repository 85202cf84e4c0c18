import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { packageRoot } from '../../src/base/package-root.ts';
import { FileStore } from '../../src/release/file-store.ts';
import type { RunningPart } from '../../src/stack/child.ts';
import { startRedis } from '../../src/stack/redis/start.ts';
import { Company } from '../effects/company.ts';
import { credentials, employ, settle } from './company-desk.ts';
import { Desk } from './support.ts';

const stable = 'a'.repeat(64);
const bulk = '/api/admin/projects/default/bulk_features/environments/production/off';

let redis: RunningPart;
let address: string;
let company: Company;
let desk: Desk;
let candidate: string;
beforeAll(async () => {
  redis = await startRedis({ port: 0 });
  address = redis.endpoints.redis ?? '';
  desk = await new Desk().open();
  await desk.configured();
  const source = join(packageRoot(), 'fixtures', 'builds', '1.4.0');
  const packed = await desk.run('build', 'pack', source, '--json');
  candidate = (packed.json() as { builds: { digest: string }[] }).builds[0]?.digest ?? '';
}, 60_000);
afterAll(async () => {
  await redis.close();
  await desk.close();
});
beforeEach(async () => {
  company = await new Company().open();
  await employ(desk, company, address);
  settle(company, stable);
});
afterEach(() => company.close());

/** Ran, changed nothing, and told no secret. */
async function dry(...argv: string[]) {
  const ran = await desk.run(...argv, '--dry-run');
  expect([ran.stderr, ran.exit]).toEqual(['', 0]);
  expect(company.changes).toEqual([]);
  for (const secret of Object.values(credentials).filter((one) => !one.startsWith('mongodb')))
    expect(ran.stdout + ran.stderr).not.toContain(secret);
  return ran;
}

interface Told {
  readonly kind: string;
  readonly unknown: string | null;
  readonly changes: readonly { readonly method: string; readonly url: string }[] | null;
}

/** A release that reached production, and stands at 5 %. */
async function inProduction(): Promise<void> {
  const store = new FileStore(desk.path('.aurora'), systemClock);
  const journal = await store.create('20250101-000000-1.4.0-aaaa', 'Alex W.');
  await journal.append('release.created', {
    project: 'p',
    build: { name: 'concierge', version: '1.4.0', digest: candidate },
    stable: { name: 'concierge', version: '1.3.0', digest: stable },
    plan: { version: '1.0.0', digest: 'd'.repeat(64), directory: '/x' },
    timeScale: 1,
    rehearsal: false,
    connect: {},
  });
  await journal.append('step.started', { step: 6, plannedMs: 1 });
  const effect = { step: 6, key: '6/set-cohort/production/5', title: 'set' };
  await journal.append('effect.started', { ...effect, before: {} });
  await journal.append('effect.done', {
    ...effect,
    already: false,
    expected: 'x',
    observed: 'x',
    facts: { deployedAt: 1 },
  });
  await journal.close();
  company.setSlot('production', 'green', candidate);
  company.route('blue', 'green');
}

describe('a release that is only shown', () => {
  it('says what each step would send, or before which step that cannot be told', async () => {
    const { json } = await dry('release', '1.4.0', '--json');
    const { steps } = json() as { steps: { step: number; moves: Told[] }[] };
    const told = steps.flatMap(({ step, moves }) =>
      moves
        .filter((move) => 'changes' in move)
        .map(({ kind, unknown, changes }) => [
          step,
          kind,
          unknown ?? changes?.map(({ method, url }) => `${method} ${url}`),
        ]),
    );
    expect(told).toEqual([
      [4, 'start-slot', ['POST https://host.staging.example.com/slots/staging/green']],
      [
        4,
        'switch-traffic',
        'cannot be told before step 4 has changed the slots and traffic of staging',
      ],
      [6, 'start-slot', ['POST https://host.production.example.com/slots/production/green']],
      [
        6,
        'route-candidate',
        'cannot be told before step 6 has changed the slots and traffic of production',
      ],
      [
        6,
        'set-cohort',
        [
          expect.stringMatching(
            'POST https://unleash.example.com/.*AURORA_WIDGET_ENABLED/environments/production/strategies',
          ),
        ],
      ],
      [8, 'set-cohort', 'cannot be told before step 6 has changed the cohorts of production'],
      [
        9,
        'promote',
        'cannot be told before step 6 has changed the slots and traffic of production',
      ],
    ]);
  });

  it('withholds the secrets of a slot without asking the vault for them', async () => {
    const { stdout } = await dry('release', '1.4.0');
    expect(stdout).toContain('"CONCIERGE_API_KEY":"<secret>"');
    expect(stdout).toContain('"AURORA_FAKE_MODE":"false"');
    expect(company.arrived.some(({ url }) => url.includes('/v1/'))).toBe(false);
  });

  it('is shown in words where a service is away', async () => {
    company.dead.add('/slots');
    const { stdout } = await dry('release', '1.4.0');
    expect(stdout).toContain('in the idle slot of staging, wait until it is ready and warm');
    expect(stdout).toMatch(/cannot be told: no answer/);
    expect(stdout).toContain('send POST https://unleash.example.com');
  });
});

describe('a rollback that is only shown', () => {
  it('of flags alone asks nobody anything', async () => {
    const { stdout } = await dry('rollback', '--only', 'flags');
    expect(stdout).toContain(`send POST https://unleash.example.com${bulk}`);
    expect(stdout).not.toContain('phase 2');
    expect(company.arrived).toEqual([]);
  });

  it('of flags alone is the same when the flag server is down', async () => {
    const up = await dry('rollback', '--only', 'flags');
    await company.close();
    const down = await dry('rollback', '--only', 'flags');
    expect(down.stdout).toBe(up.stdout);
  });

  it('tells each phase of the release that is in production', async () => {
    await inProduction();
    const client = new Redis(address);
    await client.set('aurora:production:session:1', '{}');
    try {
      const { stdout } = await dry('rollback', '--reason', '5xx since 02:10');
      const sent = stdout.split('\n').filter((line) => line.includes('send '));
      expect(sent.map((line) => line.trim().split(' {')[0])).toEqual([
        `send POST https://unleash.example.com${bulk}`,
        'send PUT https://edge-admin.production.example.com/traffic',
        `send UNLINK <the keys that SCAN finds for aurora:production:session:*> on redis ${address}`,
        'send PURGE https://api.glowglitch.com/widget.js',
        'send PURGE https://api.glowglitch.com/widget/*',
        expect.stringMatching(
          /^send PURGE https:\/\/api.glowglitch.com\/widget\/[0-9a-f]{64}\.js$/,
        ),
        'send POST https://alertmanager.example.com/api/v2/silences',
        'send POST https://hooks.slack.example.com/<secret>',
        'send write incident.md of 20250101-000000-1.4.0-aaaa',
      ]);
      expect(stdout).toContain('5xx since 02:10');
      expect(stdout).toContain('cannot be told before phase 2 has changed the slots and traffic');
      expect(await client.exists('aurora:production:session:1')).toBe(1);
    } finally {
      client.disconnect();
    }
  });
});

describe('acts outside a release that are only shown', () => {
  it('are those of a deploy, its migrations first', async () => {
    const { json } = await dry('deploy', '1.4.0', '--env', 'staging', '--json');
    expect(json()).toMatchObject({
      kind: 'effects-dry-run',
      before: [{ via: 'command', argv: expect.arrayContaining(['migrate:up']) }],
      effects: [
        { changes: [{ method: 'POST' }] },
        { unknown: expect.stringContaining('before act 1') },
        { changes: [{ method: 'PUT' }] },
      ],
    });
    const bare = await dry('deploy', '1.4.0', '--env', 'staging', '--no-migrate');
    expect(bare.stdout).not.toContain('migrate:up');
    expect((await desk.run('history', '--json')).json()).not.toMatchObject({
      releases: [expect.objectContaining({ id: expect.stringContaining('deploy') })],
    });
  });

  it('are the flags that a rollback switched off', async () => {
    const store = new FileStore(desk.path('.aurora'), systemClock);
    const id = '20250102-000000-1.4.0-bbbb';
    const journal = await store.create(id, 'Alex W.');
    const flags = { AURORA_WIDGET_ENABLED: { enabled: true, stable, candidate: null } };
    await journal.append('compensation.started', {
      key: 'disable-flags/production',
      title: 'off',
      before: { flags },
    });
    await journal.close();
    company.flag('AURORA_WIDGET_ENABLED', 'production').enabled = false;
    const { stdout } = await dry('flag', 'restore', id);
    expect(stdout).toContain('AURORA_WIDGET_ENABLED/environments/production/on');
    expect((await store.read(id)).length).toBe(1);
  });
});
