import { describe, expect, it, vi } from 'vitest';
import { goodAnswer, openConcierge, openShoppers } from './helpers.ts';

describe('a crowd of shoppers', () => {
  it('comes at the rate it was given, and stays away at zero', async () => {
    const { url } = await openConcierge();
    const shoppers = await openShoppers(url, 300);
    const began = performance.now();
    await vi.waitFor(
      async () => expect((await shoppers.stats()).production.sessions).toBeGreaterThan(300),
      { timeout: 5_000 },
    );
    const seconds = (performance.now() - began) / 1_000;
    const { production, staging } = await shoppers.stats();
    expect(production.sessions / seconds).toBeGreaterThan(180);
    expect(production.sessions / seconds).toBeLessThan(420);
    expect(staging.sessions).toBe(0);
  });

  it('changes its rate when told to, each environment apart, and refuses nonsense', async () => {
    const { url, asked } = await openConcierge();
    const shoppers = await openShoppers(url, 0);
    const set = await shoppers.setRates({ staging: 200 });
    expect(await set.json()).toEqual({ production: 0, staging: 200 });
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(20));
    expect(new Set(asked.map(({ headers }) => headers.host))).toEqual(
      new Set(['staging.api.glowglitch.com']),
    );
    expect((await shoppers.setRates({ staging: -1 })).status).toBe(400);
    expect((await shoppers.setRates({ moon: 1 })).status).toBe(400);
  });

  it('is known by key, session and an address of each customer’s own', async () => {
    const { url, asked } = await openConcierge();
    await openShoppers(url, 400);
    await vi.waitFor(() => expect(asked.length).toBeGreaterThan(200), { timeout: 4_000 });
    expect(asked.every(({ headers, body }) => headers['x-session-id'] === body.sessionId)).toBe(
      true,
    );
    expect(new Set(asked.map(({ headers }) => headers.authorization))).toEqual(
      new Set(['Bearer prod-key']),
    );
    const sessions = new Set(asked.map(({ body }) => body.sessionId));
    const addresses = new Set(asked.map(({ headers }) => headers['x-forwarded-for']));
    expect(addresses.size).toBe(sessions.size);
  });

  it('counts what it met with: errors, and what nobody expected', async () => {
    const { url } = await openConcierge((asked) =>
      asked.path.endsWith('/csat') ? [503, { code: 'x' }] : goodAnswer(asked),
    );
    const shoppers = await openShoppers(url, 400);
    await vi.waitFor(
      async () => expect((await shoppers.stats()).production.byStatus['5xx']).toBeGreaterThan(10),
      { timeout: 4_000 },
    );
    const { byStatus, requests, unexpected, p50Ms, p95Ms } = (await shoppers.stats()).production;
    expect(unexpected).toBe(byStatus['5xx']);
    expect(Object.values(byStatus).reduce((sum, n) => sum + n)).toBe(requests);
    expect(p50Ms).toBeGreaterThan(0);
    expect(p95Ms).toBeGreaterThanOrEqual(p50Ms ?? 0);
  });

  it('turns away when the shop hangs, and builds up no backlog', async () => {
    const { url } = await openConcierge(() => null);
    const shoppers = await openShoppers(url, 2_000);
    await vi.waitFor(
      async () => expect((await shoppers.stats()).production.dropped).toBeGreaterThan(100),
      { timeout: 4_000 },
    );
    expect((await shoppers.stats()).production.open).toBe(400);
    await shoppers.close();
  });
});
