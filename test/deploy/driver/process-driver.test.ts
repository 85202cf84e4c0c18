import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AuroraError, hasCode } from '../../../src/base/errors.ts';
import { Secret } from '../../../src/base/secret.ts';
import { openProcessDriver } from '../../../src/deploy/process-driver.ts';
import { edgeFor, serve } from '../../stack/edge/helpers.ts';
import { makeBuild, runHost, token } from '../../stack/host/helpers.ts';

const never = new AbortController().signal;
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => {
      throw new Error('this should have failed');
    },
    (error: unknown) => error as AuroraError,
  );

async function openDriver() {
  const host = await runHost();
  const edge = await edgeFor({ adminToken: token });
  const options = { host: host.host, edge: edge.admin, token: new Secret(token, 'test') };
  return { host, edge, driver: openProcessDriver('production', options) };
}

const apiKey = new Secret('prod-key-0123456789', 'vault:aurora-prod-api-key');

describe('process driver', () => {
  it('starts, routes, tells and stops, as seen by a customer', async () => {
    const { driver, edge } = await openDriver();
    const build = await makeBuild();
    const order = {
      ...build,
      environment: 'production',
      env: { CONCIERGE_API_KEY: apiKey },
    } as const;
    expect(await driver.traffic(never)).toEqual({ stable: null, candidate: null });
    const [blue] = await Promise.all([
      driver.start({ ...order, slot: 'blue' }, never),
      driver.start({ ...order, slot: 'green' }, never),
    ]);
    expect(blue).toMatchObject({ state: 'ready', build: build.build, environment: 'production' });
    await driver.route({ stable: 'blue', candidate: 'green' }, never);
    expect(await driver.traffic(never)).toEqual({ stable: 'blue', candidate: 'green' });
    const seen = await fetch(`${edge.edge}/env`);
    expect(seen.headers.get('x-aurora-slot')).toBe('blue');
    const { env } = (await seen.json()) as { env: Record<string, string> };
    expect(env.CONCIERGE_API_KEY).toBe('prod-key-0123456789');
    await driver.route({ stable: 'green', candidate: null }, never);
    await driver.stop('blue', never);
    await driver.stop('blue', never);
    const states = (await driver.slots(never)).map(({ slot, state }) => [slot, state]);
    expect(states).toEqual([
      ['blue', 'stopped'],
      ['green', 'ready'],
    ]);
    expect((await fetch(`${edge.edge}/api/health`)).headers.get('x-aurora-slot')).toBe('green');
    expect(await driver.health(never)).toEqual({
      ok: true,
      detail: 'blue stopped, green ready; stable green, candidate none',
    });
  });

  it('sends nobody to a slot that is not ready', async () => {
    const { driver } = await openDriver();
    const error = await failure(driver.route({ stable: 'blue', candidate: null }, never));
    expect(hasCode(error, 'EFFECT_FAILED')).toBe(true);
    expect(error.message).toContain('slot blue is stopped');
    expect(await driver.traffic(never)).toEqual({ stable: null, candidate: null });
  });

  it('tells how a failed start ended, with the end of its log and no secret', async () => {
    const { driver } = await openDriver();
    const build = await makeBuild(
      `console.error('cannot reach the vault with ' + process.env.CONCIERGE_API_KEY); process.exit(4);`,
    );
    const env = { CONCIERGE_API_KEY: apiKey };
    const order = { ...build, environment: 'production', slot: 'blue', env } as const;
    const error = await failure(driver.start(order, never));
    expect(error.code).toBe('EFFECT_FAILED');
    expect(error.message).toBe(
      'blue of production did not get ready: exit 4; its log ends: cannot reach the vault with [secret]',
    );
    expect((await driver.slots(never))[0]?.lastLines).toEqual([
      'cannot reach the vault with [secret]',
    ]);
  });

  it('calls an altered build what it is', async () => {
    const { driver } = await openDriver();
    const build = await makeBuild();
    await appendFile(join(build.buildDirectory, 'server.mjs'), '\n');
    const order = { ...build, environment: 'production', slot: 'blue', env: {} } as const;
    expect((await failure(driver.start(order, never))).code).toBe('BUILD_ALTERED');
  });

  it('tells a wrong token from a host that is away and from one that talks nonsense', async () => {
    const { host, edge } = await openDriver();
    const nonsense = await serve((_, response) => void response.end('[{"slot":"red"}]'));
    const away = await serve(() => undefined);
    await away.close();
    const slotsOf = (url: string, secret: string) =>
      openProcessDriver('production', {
        host: url,
        edge: edge.admin,
        token: new Secret(secret, 'test'),
      }).slots(never);
    const wrong = await failure(slotsOf(host.host, 'wrong-token-1234'));
    expect(wrong.code).toBe('SERVICE_REFUSED');
    expect(wrong.line).not.toContain('wrong-token-1234');
    expect((await failure(slotsOf(away.url, token))).code).toBe('SERVICE_UNREACHABLE');
    expect((await failure(slotsOf(nonsense.url, token))).code).toBe('SERVICE_ANSWER_INVALID');
  });

  it('says in its health what it could not reach, and never throws', async () => {
    const away = await serve(() => undefined);
    await away.close();
    const options = { host: away.url, edge: away.url, token: new Secret(token, 'test') };
    const health = await openProcessDriver('staging', options).health(never);
    expect(health.ok).toBe(false);
    expect(health.remedy).toBeDefined();
  });
});
