import { readFile, writeFile } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AuroraError } from '../../src/base/errors.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { type OpenedServices, openServices } from '../../src/config/open-services.ts';
import { changeLine } from '../../src/services/change.ts';
import type { RunningPart } from '../../src/stack/child.ts';
import { startReceivers } from '../../src/stack/receivers/start.ts';
import { startRedis } from '../../src/stack/redis/start.ts';
import { employ, settle } from '../app/company-desk.ts';
import { Desk } from '../app/support.ts';
import { Company } from '../effects/company.ts';

const signal = new AbortController().signal;
const stable = 'a'.repeat(64);
const sessions = ['aurora:production:session:1', 'aurora:production:session:2'];
const notice = { title: 't', body: 'b', severity: 'info', key: 'r1' } as const;

let redis: RunningPart;
let receivers: RunningPart;
let client: Redis;
let company: Company;
let desk: Desk;
let services: OpenedServices;
beforeAll(async () => {
  redis = await startRedis({ port: 0 });
  receivers = await startReceivers({ httpPort: 0, smtpPort: 0 });
  client = new Redis(redis.endpoints.redis ?? '');
});
afterAll(async () => {
  client.disconnect();
  await receivers.close();
  await redis.close();
});
beforeEach(async () => {
  company = await new Company().open();
  desk = await (await new Desk().open()).configured();
  await employ(desk, company, redis.endpoints.redis ?? '');
  settle(company, stable);
  const { port } = new URL(receivers.endpoints.smtp ?? '');
  const path = desk.path('aurora.config.yaml');
  const people = [
    '  notify:',
    `    - { kind: email, host: 127.0.0.1, port: ${port}, from: a@example.com, to: [o@example.com] }`,
    `    - { kind: pagerduty, policy: on-call, url: "${company.url}/pager", routingKey: { env: AURORA_CDN_TOKEN } }`,
  ].join('\n');
  await writeFile(path, (await readFile(path, 'utf8')).replace('  notify:', people));
  services = openServices(await loadConfig(path), desk.variables);
  for (const key of sessions) await client.set(key, '{}');
});
afterEach(async () => {
  await services.close();
  await company.close();
  await desk.close();
});

/** Everything that can be changed through the services of a configuration. */
async function everyChange(): Promise<readonly (readonly [string, () => Promise<unknown>])[]> {
  const flags = await services.flags();
  const driver = await services.driver('production');
  const cdn = await services.cdn();
  const cache = await services.cache();
  const alerts = await services.alerts();
  const name = 'AURORA_WIDGET_ENABLED';
  const share = { name: 'candidate', percent: 5, build: stable } as const;
  const order = { environment: 'production', slot: 'green', buildDirectory: '/x' } as const;
  const silence = { endsAt: Date.now() + 60_000, author: 'a', comment: 'c' };
  return [
    ['flags on', () => flags.enable(name, 'production', signal)],
    ['flags off', () => flags.disable([name], 'production', signal)],
    ['cohort', () => flags.setCohort(name, 'production', share, signal)],
    ['no cohort', () => flags.removeCohort(name, 'production', 'stable', signal)],
    ['start', () => driver.start({ ...order, build: stable, env: {} }, signal)],
    ['stop', () => driver.stop('green', signal)],
    ['route', () => driver.route({ stable: 'blue', candidate: null }, signal)],
    ['purge', () => cdn.purge('production', ['/widget.js', '/widget/*'], signal)],
    ['silence', () => alerts.silence(silence, signal)],
    ['clear', () => cache.clear('production', signal)],
    ...(await services.notify()).map((one) => [one.kind, () => one.send(notice, signal)] as const),
  ];
}

const mails = async () =>
  ((await (await fetch(`${receivers.endpoints.http}/received`)).json()) as object[]).length;

describe('services of a configuration', () => {
  it('change nothing at all once the right to is lost', async () => {
    const before = await mails();
    services.changes.arm(() => Promise.reject(new AuroraError('LEASE_LOST', 'overtaken')), {});
    const all = await everyChange();
    expect(all.length).toBe(13);
    for (const [name, change] of all)
      await expect(change(), name).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(company.changes).toEqual([]);
    expect(await client.exists(...sessions)).toBe(2);
    expect(await mails()).toBe(before);
  });

  it('ask before each change, and tell the host and edge the number that they act under', async () => {
    let asked = 0;
    const check = async () => {
      asked += 1;
    };
    services.changes.arm(check, { production: 41 });
    for (const [, change] of await everyChange()) await change();
    // Redis and mail are asked for as well, and are no requests.
    expect(asked).toBe(company.changes.length + 2);
    const fences = company.changes
      .filter(({ url }) => url.includes('/slots/') || url.endsWith('/traffic'))
      .map(({ headers }) => headers['x-aurora-fence']);
    expect(fences).toEqual(['41', '41', '41']);
    expect(await client.exists(...sessions)).toBe(0);
  });

  it('tell no number while nothing is held', async () => {
    await (await services.driver('production')).stop('green', signal);
    expect(company.changes[0]?.headers).not.toHaveProperty('x-aurora-fence');
  });
});

describe('changes that are no requests', () => {
  it('clear the keys that they show and no others', async () => {
    await client.set('aurora:staging:session:1', '{}');
    const clear = (await services.cache()).prepareClear('production');
    expect(clear.changes.map(changeLine)).toEqual([
      `UNLINK <the keys that SCAN finds for aurora:production:session:*> on redis ${redis.endpoints.redis}`,
    ]);
    expect(await client.exists(...sessions)).toBe(2);
    expect(await clear.send(signal)).toBe(2);
    expect(await client.exists('aurora:staging:session:1')).toBe(1);
  });

  it('send the very message that they show', async () => {
    const before = await mails();
    const email = (await services.notify()).find(({ kind }) => kind === 'email');
    const mail = email?.prepare(notice);
    const [shown] = mail?.changes ?? [];
    expect(await mails()).toBe(before);
    await mail?.send(signal);
    const received = (await (await fetch(`${receivers.endpoints.http}/received`)).json()) as {
      body: { subject: string; text: string; from: string; to: string; source: string };
    }[];
    const { subject, text, from, to, source } = received.at(-1)?.body ?? { source: '' };
    expect(shown).toMatchObject({ via: 'mail', subject, from, to: [to] });
    expect(shown?.via === 'mail' ? shown.text.trim() : '').toBe(text);
    expect(source).toContain('X-Aurora-Key: r1');
  });
});
