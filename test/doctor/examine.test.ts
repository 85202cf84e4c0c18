import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuroraError } from '../../src/base/errors.ts';
import { examine } from '../../src/doctor/examine.ts';
import type { Examined } from '../../src/services/health.ts';
import type { NotifyService } from '../../src/services/notify/notify.ts';
import type { Services } from '../../src/services/services.ts';
import { driverWith, environmentWith, someServices } from '../checks/support/context.ts';
import { type Loopback, loopback } from '../checks/support/loopback.ts';
import { MemoryDatabase, sealedVault } from '../checks/support/memory.ts';

let server: Loopback;
beforeAll(async () => {
  server = await loopback(({ path }) => ({ status: path === '/api/health' ? 200 : 404 }));
});
afterAll(() => server.close());

const never = new AbortController().signal;
const refuse = () => {
  throw new Error('doctor changes nothing');
};
const slack: NotifyService = {
  kind: 'slack',
  audience: '#aurora-ops',
  label: 'slack hook',
  health: async () => ({ ok: true, detail: 'host reachable' }),
  prepare: refuse,
  send: async () => null,
};

function look(given: Partial<Services>, signal = never, limitMs = 2_000) {
  const environments = {
    staging: environmentWith('staging', { A: '1' }, server.url),
    production: environmentWith('production', {}, 'http://127.0.0.1:9'),
  };
  return examine(someServices(given), environments, signal, limitMs);
}

const row = async (given: Partial<Services>, start: string, limitMs?: number) =>
  (await look(given, never, limitMs)).find(({ what }) => what.startsWith(start));

describe('doctor', () => {
  it('has a row for everything, well or not', async () => {
    const rows = await look({ notify: async () => [slack] });
    expect(rows.map(({ what }) => what)).toEqual([
      'env file of staging',
      `staging: ${server.url}`,
      'env file of production',
      'production: http://127.0.0.1:9',
      'secrets',
      'database',
      'flags',
      'cache',
      'cdn',
      'alerts',
      'driver of staging',
      'metrics of staging',
      'logs of staging',
      'driver of production',
      'metrics of production',
      'logs of production',
      'notify #aurora-ops: slack hook',
    ]);
    const well = rows.filter(({ ok }) => ok).map(({ what }) => what);
    expect(well).toEqual([
      'env file of staging',
      `staging: ${server.url}`,
      'env file of production',
      'notify #aurora-ops: slack hook',
    ]);
    for (const { ok, remedy } of rows) expect(remedy === null).toBe(ok);
  });

  it('names the service that was reached', async () => {
    expect(await row({ database: async () => new MemoryDatabase() }, 'database')).toEqual({
      what: 'database: database in memory',
      ok: true,
      detail: 'fine',
      remedy: null,
    });
    const driver = async (name: 'staging' | 'production') => driverWith(name, []);
    expect(await row({ driver }, 'driver of production')).toMatchObject({ ok: true });
  });

  it('says what to do when a service is not well', async () => {
    expect(await row({ secrets: async () => sealedVault() }, 'secrets')).toMatchObject({
      ok: false,
      detail: 'sealed',
    });
  });

  it('says what to do when a service cannot be opened', async () => {
    const flags = async () => {
      throw new AuroraError('CREDENTIAL_MISSING', 'TOKEN is not set', {
        where: 'services/flags/adminToken',
        remedy: 'Export TOKEN.',
      });
    };
    expect(await row({ flags }, 'flags')).toEqual({
      what: 'flags',
      ok: false,
      detail: 'TOKEN is not set (services/flags/adminToken)',
      remedy: 'Export TOKEN.',
    });
  });

  it('gives up on a service that hangs, even one that ignores its signal', async () => {
    const deaf: Examined = { label: 'deaf', health: () => new Promise(() => undefined) };
    const cache = async () => ({
      ...deaf,
      count: never0,
      clear: never0,
      prepareClear: refuse,
      close: async () => undefined,
    });
    const hanging = { cache, notify: () => new Promise<never>(() => undefined) };
    expect(await row(hanging, 'cache', 50)).toMatchObject({
      ok: false,
      detail: 'no answer within 50 ms (cache)',
    });
    expect(await row(hanging, 'notify', 50)).toMatchObject({ ok: false });
  });

  it('ends with the signal', async () => {
    const abort = new AbortController();
    const notify = () => new Promise<never>(() => undefined);
    const looking = look({ notify }, abort.signal, 60_000);
    abort.abort(new Error('interrupted'));
    await expect(looking).rejects.toThrow('interrupted');
  });
});

async function never0(): Promise<number> {
  return 0;
}
