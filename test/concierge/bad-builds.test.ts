import { beforeAll, describe, expect, it } from 'vitest';
import { plugin as goodCandidate } from '../../fixtures/builds/1.4.0/plugin.ts';
import { plugin as canaryErrors } from '../../fixtures/builds/1.4.0-canary-errors/plugin.ts';
import { plugin as errors2x } from '../../fixtures/builds/1.4.0-errors-2x/plugin.ts';
import { plugin as errors4x } from '../../fixtures/builds/1.4.0-errors-4x/plugin.ts';
import { plugin as kpiDrop } from '../../fixtures/builds/1.4.0-kpi-drop/plugin.ts';
import { plugin as slowCanary } from '../../fixtures/builds/1.4.0-slow-canary/plugin.ts';
import { plugin as smokeGap } from '../../fixtures/builds/1.4.0-smoke-gap/plugin.ts';
import { plugin as staging5xx } from '../../fixtures/builds/1.4.0-staging-5xx/plugin.ts';
import { plugin as unhappy } from '../../fixtures/builds/1.4.0-unhappy/plugin.ts';
import type { ConciergePlugin } from '../../src/concierge/plugin.ts';
import { type Answer, ask, freshSession, paths } from './support/ask.ts';
import { useWorld } from './support/world.ts';

const world = useWorld();
const production = { AURORA_ENVIRONMENT: 'production' };

async function start(plugin: ConciergePlugin, variables: Record<string, string> = {}) {
  return (await world.start({ plugins: [plugin], variables })).url;
}

/** One request of each of `count` customers, some at a time. */
async function many(
  url: string,
  count: number,
  path: string,
  body: Record<string, unknown> = {},
): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < count) {
    const block = Array.from({ length: Math.min(20, count - answers.length) }, () =>
      ask(url, path, { sessionId: freshSession(), ...body }),
    );
    answers.push(...(await Promise.all(block)));
  }
  return answers;
}

const failed = (answers: readonly Answer[]) => answers.filter(({ status }) => status >= 500).length;

describe('build 1.4.0', () => {
  it('speaks with other words and does nothing else', async () => {
    const url = await start(goodCandidate);
    const { types, body } = await ask(url, paths.products, { sessionId: freshSession() });
    expect(types).toEqual(['assistant_text', 'product_card', 'offer_card']);
    expect(body.messages?.[2]?.payload).toMatchObject({ cta: { label: 'Reserve for me' } });
  });
});

describe('build 1.4.0-smoke-gap', () => {
  it('answers an order lookup without asking how it was', async () => {
    const url = await start(smokeGap);
    const asked = { sessionId: freshSession(), orderNumber: 'GG-12002' };
    expect((await ask(url, paths.orderStatus, asked)).types).toEqual(['order_status']);
    const rated = await ask(url, paths.csat, { sessionId: freshSession(), rating: 'great' });
    expect(rated.types).toContain('csat_bar');
  });
});

describe('build 1.4.0-staging-5xx', () => {
  it('is fine for fifty requests, then fails 10 to 20 % of them', async () => {
    const url = await start(staging5xx);
    expect(failed(await many(url, 50, paths.products))).toBe(0);
    const later = await many(url, 140, paths.products);
    expect(failed(later)).toBe(20);
    const bad = later.find(({ status }) => status >= 500);
    expect([bad?.status, bad?.body.code]).toEqual([500, 'server.error']);
  });
});

describe.each([
  ['1.4.0-slow-canary', slowCanary],
  ['1.4.0-canary-errors', canaryErrors],
  ['1.4.0-errors-2x', errors2x],
  ['1.4.0-errors-4x', errors4x],
  ['1.4.0-unhappy', unhappy],
  ['1.4.0-kpi-drop', kpiDrop],
])('build %s on staging', (_name, plugin) => {
  let url = '';
  beforeAll(async () => {
    url = await start(plugin);
  });
  it('looks like a good one', async () => {
    const answers = await many(url, 40, paths.products, { category: 'ring' });
    for (const { status, types, body } of answers) {
      expect(status).toBe(200);
      expect(types).toEqual(['assistant_text', 'product_card', 'offer_card']);
      expect(body.data?.every(({ category }) => category === 'ring')).toBe(true);
      expect(body.messages?.[2]?.payload).toHaveProperty('cta.intent', 'capsule_reserve');
    }
  });
});

describe('build 1.4.0-slow-canary in production', () => {
  it('keeps most product searches waiting for 600 ms and more, and nothing else', async () => {
    const url = await start(slowCanary, production);
    const timed = async (path: string, body: Record<string, unknown>) => {
      const before = performance.now();
      await ask(url, path, { sessionId: freshSession(), ...body });
      return performance.now() - before;
    };
    const searches = await Promise.all(Array.from({ length: 20 }, () => timed(paths.products, {})));
    expect(searches.filter((ms) => ms >= 600).length).toBe(18);
    expect(await timed(paths.orderStatus, { orderNumber: 'GG-12001' })).toBeLessThan(600);
  });
});

describe('build 1.4.0-canary-errors in production', () => {
  it('fails every request of about one session in five', async () => {
    const url = await start(canaryErrors, production);
    const share = failed(await many(url, 300, paths.products)) / 300;
    // Five standard deviations around 20 %.
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.32);
    const sessionId = freshSession();
    const first = await ask(url, paths.products, { sessionId });
    const second = await ask(url, paths.products, { sessionId });
    expect(second.status).toBe(first.status);
  });
});

describe.each([
  ['1.4.0-errors-2x', errors2x, 0.01],
  ['1.4.0-errors-4x', errors4x, 0.02],
] as const)('build %s in production', (_name, plugin, share) => {
  it(`fails every request of about ${share * 100} % of the sessions, and no request of the others`, async () => {
    const url = await start(plugin, production);
    const sessions = Array.from({ length: 1_200 }, freshSession);
    const lucky: string[] = [];
    const unlucky: string[] = [];
    for (const sessionId of sessions) {
      const { status } = await ask(url, paths.shortlist, { sessionId, items: [] });
      (status >= 500 ? unlucky : lucky).push(sessionId);
    }
    // Outside of five standard deviations once in a million runs.
    const spread = 5 * Math.sqrt(share * (1 - share) * sessions.length);
    expect(unlucky.length).toBeGreaterThan(Math.max(0, share * sessions.length - spread));
    expect(unlucky.length).toBeLessThan(share * sessions.length + spread);
    const again = async (sessionId: string) =>
      (await ask(url, paths.products, { sessionId, category: 'ring' })).status;
    for (const sessionId of unlucky) expect(await again(sessionId)).toBe(500);
    for (const sessionId of lucky.slice(0, 20)) expect(await again(sessionId)).toBe(200);
  });
});

describe('build 1.4.0-unhappy in production', () => {
  it('answers products of another category, quickly and without errors', async () => {
    const url = await start(unhappy, production);
    for (const category of ['ring', 'earrings', 'necklace', 'bracelet']) {
      const sessionId = freshSession();
      const { status, body } = await ask(url, paths.products, { sessionId, category });
      expect(status).toBe(200);
      expect(body.data?.length).toBeGreaterThan(0);
      expect(body.data?.some((card) => card.category === category)).toBe(false);
    }
  });
});

describe('build 1.4.0-kpi-drop in production', () => {
  it('leaves half of the offers without a button, and fails nothing', async () => {
    const url = await start(kpiDrop, production);
    const answers = await many(url, 300, paths.products);
    expect(failed(answers)).toBe(0);
    expect(answers.every(({ types }) => types.includes('offer_card'))).toBe(true);
    const buttons = answers.filter(({ body }) => 'cta' in (body.messages?.[2]?.payload ?? {}));
    // Five standard deviations around one half.
    expect(buttons.length / 300).toBeGreaterThan(0.35);
    expect(buttons.length / 300).toBeLessThan(0.65);
  });
});
