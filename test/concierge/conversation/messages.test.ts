import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ask, freshSession } from '../support/ask.ts';
import { apiKey, useWorld } from '../support/world.ts';
import { modelKey, useStandIn } from './stand-in.ts';

const world = useWorld();
const standIn = useStandIn();
const path = '/api/concierge/messages';
const lines: string[] = [];
let url = '';
beforeAll(async () => {
  const variables = { DEEPSEEK_API_KEY: modelKey, DEEPSEEK_BASE_URL: `${standIn.url}/` };
  url = (await world.start({ variables, lines })).url;
});

const say = (text: unknown, at = url) => ask(at, path, { sessionId: freshSession(), text });

describe('free text', () => {
  it('that is a search is answered with pieces, and analytics learns the filters', async () => {
    const sessionId = freshSession();
    const { status, body, types } = await ask(url, path, { sessionId, text: 'rings under $5,000' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      intent: 'find_product',
      via: 'rules',
      reason: null,
      parameters: { category: 'ring', priceMax: 5_000 },
    });
    expect(types).toEqual(['assistant_text', 'product_card', 'offer_card']);
    expect(body.messages?.every(({ intent }) => intent === 'find_product')).toBe(true);
    const kept = world.events.collection('events');
    await vi.waitFor(async () => {
      expect((await kept.find({ sessionId }).toArray()).map(({ event }) => event).sort()).toEqual([
        'aurora_intent_detected',
        'aurora_products_shown',
      ]);
    });
    expect(await kept.findOne({ sessionId, event: 'aurora_intent_detected' })).toMatchObject({
      intent: 'find_product',
      source: 'text',
      via: 'rules',
      intentConfidence: 0.95,
      filters: { category: 'ring', priceMax: 5_000 },
    });
  });
  it('with an order number is answered with the order', async () => {
    const { body, types } = await say('Where is my order GG-12001?');
    expect(body).toMatchObject({ intent: 'track_order', parameters: { orderNumber: 'GG-12001' } });
    expect(types).toEqual(['order_status', 'csat_bar']);
  });
  it('about an order that nobody knows begins with the form', async () => {
    const { status, body, types } = await say('track GG-00000');
    expect([status, body.intent]).toEqual([200, 'track_order']);
    expect(types).toEqual(['assistant_text']);
  });
  it.each([
    ['I want to return my ring', 'return_exchange', ['assistant_text']],
    ['let me talk to a human', 'stylist_contact', ['escalation_form']],
    ['I want to leave feedback', 'csat', ['csat_bar']],
    ['show me my wishlist', 'shortlist_save', ['assistant_text']],
  ])('%s: %s begins', async (text, intent, types) => {
    const answer = await say(text);
    expect([answer.status, answer.body.intent, answer.types]).toEqual([200, intent, types]);
  });
  it('that means nothing to anybody gets no messages, so that the client shows its menu', async () => {
    const { status, body } = await say('a zebra in pyjamas');
    expect(status).toBe(200);
    expect(body).toMatchObject({ intent: null, via: 'rules', reason: 'unsure', messages: [] });
  });
  it('that only the model understands says so', async () => {
    const { body } = await say('the courier rang and nobody was home');
    expect(body).toMatchObject({ intent: 'track_order', via: 'model', reason: null });
  });
  it('has another door for the widget, without a key', async () => {
    const sessionId = freshSession();
    const body = { sessionId, text: 'resize my ring' };
    const answer = await ask(url, '/api/support/messages', body, { authorization: '' });
    expect([answer.status, answer.body.intent]).toEqual([200, 'return_exchange']);
    const refused = await ask(url, path, body, { authorization: '' });
    expect([refused.status, refused.body.code]).toEqual([401, 'auth.missing']);
  });
  it.each([
    [''],
    ['   \n '],
    ['x'.repeat(501)],
    [7],
    [null],
    [['order']],
  ])('%j is refused', async (text) => {
    const { status, body } = await say(text);
    expect([status, body.code]).toEqual([400, 'validation.text']);
  });
  it('while returns are off begins with a person', async () => {
    world.flags.set('AURORA_RETURNS_ENABLED', false);
    try {
      await vi.waitFor(
        async () => {
          const { types } = await say('I want to return my ring');
          expect(types).toEqual(['assistant_text', 'escalation_form']);
        },
        { timeout: 5_000, interval: 100 },
      );
    } finally {
      world.flags.set('AURORA_RETURNS_ENABLED', true);
    }
  });
});

describe('what a customer wrote', () => {
  it('is kept nowhere: no event, no log line, no collection, no cache', async () => {
    const sessionId = freshSession();
    const secret = 'marmalade-0451';
    await ask(url, path, { sessionId, text: `the courier lost my ${secret}, ann@example.com` });
    const kept = world.events.collection('events');
    await vi.waitFor(async () => expect(await kept.countDocuments({ sessionId })).toBe(1));
    const everything: unknown[] = [await kept.find({}).toArray(), lines];
    for (const { name } of await world.db.listCollections().toArray()) {
      everything.push(await world.db.collection(name).find({}).toArray());
    }
    everything.push(await world.redis.get(world.sessionKey(sessionId)));
    const text = JSON.stringify(everything);
    for (const word of [secret, 'ann@example.com', modelKey, apiKey])
      expect(text).not.toContain(word);
  });
});

describe('a model that is away', () => {
  it('is told to customers as a reason, counted, and logged once without key or text', async () => {
    await standIn.fault('quota', { retryAfter: 60 });
    const own: string[] = [];
    const variables = { DEEPSEEK_API_KEY: modelKey, DEEPSEEK_BASE_URL: standIn.url };
    const { url: at } = await world.start({ variables, lines: own });
    for (let n = 0; n < 3; n += 1) {
      const { status, body } = await say('the courier rang and nobody was home', at);
      expect([status, body.via, body.reason]).toEqual([200, 'rules', 'quota']);
    }
    const health = await fetch(`${at}/api/health?check=ai`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ status: 'ok', checks: { ai: 'quota' } });
    const metrics = await (await fetch(`${at}/api/metrics?format=prometheus`)).text();
    expect(metrics).toMatch(
      /concierge_intent_detections_total\{via="rules",outcome="none",[^}]*\} 3/,
    );
    await vi.waitFor(() => expect(own.join()).toContain('language model is away'));
    expect(own.filter((line) => line.includes('language model is away'))).toHaveLength(1);
    expect(own.join()).not.toContain(modelKey);
  });
  it('costs a customer two seconds at most, and none of them once it ends', async () => {
    await standIn.fault('slow', { ms: 30_000 });
    const variables = { DEEPSEEK_API_KEY: modelKey, DEEPSEEK_BASE_URL: standIn.url };
    const own = await world.start({ variables });
    const began = performance.now();
    const first = await say('the courier rang and nobody was home', own.url);
    expect([first.status, first.body.reason]).toEqual([200, 'slow']);
    expect(performance.now() - began).toBeGreaterThan(1_900);
    const { questions } = await standIn.asked();
    const second = say('the courier rang and nobody was home', own.url);
    await vi.waitFor(async () => expect((await standIn.asked()).questions).toBe(questions + 1));
    await own.close();
    expect((await second).status).toBe(200);
  });
  it('is absent where there is no key, or in stub mode', async () => {
    const { url: without } = await world.start();
    const { body } = await say('the courier rang and nobody was home', without);
    expect(body).toMatchObject({ via: 'rules', reason: 'absent' });
    const before = await standIn.asked();
    const stubbed = await world.start({
      variables: {
        AURORA_FAKE_MODE: 'true',
        DEEPSEEK_API_KEY: modelKey,
        DEEPSEEK_BASE_URL: standIn.url,
      },
    });
    await say('the courier rang and nobody was home', stubbed.url);
    expect(await standIn.asked()).toEqual(before);
    const health = await (await fetch(`${without}/api/health?check=ai`)).json();
    expect(health).toMatchObject({ checks: { ai: 'absent' } });
  });
});
