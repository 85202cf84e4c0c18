import { describe, expect, it, vi } from 'vitest';
import { orderStatus } from '../../../src/concierge/endpoints/order-status.ts';
import { ask, freshSession, paths } from '../support/ask.ts';
import { identity, useWorld } from '../support/world.ts';

const world = useWorld();
const build = `build="${identity.build}"`;

/** The samples of a concierge's metrics: line without its value -> value. */
async function scrape(url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/api/metrics?format=prometheus`)).text();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const end = line.lastIndexOf(' ');
      return [line.slice(0, end), Number(line.slice(end + 1))] as const;
    }),
  );
}

const ofCustomers = (samples: ReadonlyMap<string, number>) =>
  [...samples].filter(([name]) => /^concierge_(http|sessions|endpoint|csat|api)/.test(name));

describe('sessions of an endpoint', () => {
  it('are counted by what their worst answer was, under the build', async () => {
    const slowFor = new Map<unknown, number>();
    const { url } = await world.start({
      plugins: [
        (app) => {
          app.addHook('preHandler', async (request) => {
            const ms = slowFor.get(request.headers['x-session-id']) ?? 0;
            if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
            if (ms < 0) throw new Error('broken on purpose');
          });
        },
      ],
    });
    const [slow, bad, well] = [freshSession(), freshSession(), freshSession()];
    slowFor.set(slow, 320).set(bad, -1);
    for (const sessionId of [slow, bad, bad, well, well]) {
      await ask(url, paths.products, { sessionId });
    }
    await ask(url, paths.orderStatus, { sessionId: well, orderNumber: 'GG-00000' });
    const samples = await scrape(url);
    const at = (name: string, endpoint: string, more = '') =>
      samples.get(`concierge_endpoint_sessions${name}{endpoint="${endpoint}"${more},${build}}`);
    expect(at('_total', paths.products)).toBe(3);
    expect(at('_bad_total', paths.products)).toBe(1);
    expect(at('_slow_total', paths.products, ',over="0.3"')).toBe(1);
    expect(at('_slow_total', paths.products, ',over="0.7"')).toBe(0);
    expect(at('_total', paths.orderStatus)).toBe(1);
    expect(at('_bad_total', paths.orderStatus)).toBe(0);
    expect(samples.get(`concierge_sessions_total{${build}}`)).toBe(3);
    expect(samples.get(`concierge_sessions_bad_total{${build}}`)).toBe(1);
  });

  it('tells the same numbers to whoever reads twice', async () => {
    const { url } = await world.start();
    await ask(url, paths.products, { sessionId: freshSession() });
    const [once, twice] = [await scrape(url), await scrape(url)];
    expect(ofCustomers(twice)).toEqual(ofCustomers(once));
  });
});

describe("a probe of aurora's own", () => {
  it('is answered and counted apart: no counter, event, session or limit knows it', async () => {
    const lines: string[] = [];
    const { url } = await world.start({ lines });
    const customer = freshSession();
    await ask(url, paths.products, { sessionId: customer });
    const before = await scrape(url);
    const pointsBefore = await (await fetch(`${url}/api/metrics`)).json();
    const sessionId = freshSession();
    const probe = { 'x-aurora-probe': '1', 'x-forwarded-for': '10.9.9.9' };
    const lookUp = { sessionId, orderNumber: 'GG-PROBE-0' };
    for (let n = 0; n < 130; n += 1) {
      expect((await ask(url, orderStatus.path, lookUp, probe)).status).toBe(404);
    }
    await ask(url, paths.products, { sessionId }, probe);
    await ask(url, paths.csat, { sessionId, rating: 'great' }, probe);
    const after = await scrape(url);
    expect(ofCustomers(after)).toEqual(ofCustomers(before));
    expect(await (await fetch(`${url}/api/metrics`)).json()).toEqual(pointsBefore);
    const counted = `concierge_probe_requests_total{endpoint="${orderStatus.path}",status="404",${build}}`;
    expect(after.get(counted)).toBe(130);
    const later = freshSession();
    await ask(url, paths.products, { sessionId: later });
    const events = world.events.collection('events');
    await vi.waitFor(async () => {
      expect(await events.countDocuments({ sessionId: later })).toBe(1);
      expect(await world.redis.get(world.sessionKey(later))).not.toBeNull();
    });
    expect(await events.countDocuments({ sessionId })).toBe(0);
    expect(await world.redis.get(world.sessionKey(sessionId))).toBeNull();
    const logged = lines.map((line) => JSON.parse(line));
    expect(logged.filter((line) => line.sessionId === sessionId && line.probe !== true)).toEqual(
      [],
    );
    expect(logged.filter((line) => line.probe === true)).toHaveLength(132);
    expect(logged.find((line) => line.sessionId === customer)).not.toHaveProperty('probe');
  });

  it('needs the key as anyone does', async () => {
    const { url } = await world.start();
    const answer = await ask(
      url,
      paths.products,
      { sessionId: freshSession() },
      { 'x-aurora-probe': '1', authorization: '' },
    );
    expect(answer.status).toBe(401);
  });
});
