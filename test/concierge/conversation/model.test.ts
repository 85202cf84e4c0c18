import { describe, expect, it } from 'vitest';
import { ChatModel } from '../../../src/concierge/conversation/model.ts';
import { openConversation } from '../../../src/concierge/conversation/understanding.ts';
import { modelKey, useStandIn } from './stand-in.ts';

const standIn = useStandIn();
/** The rules make nothing of it, the stand-in does. */
const hazy = 'the courier rang and nobody was home';

function open(
  options: { key?: string; baseUrl?: string; deadlineMs?: number; atOnce?: number } = {},
) {
  const notices: string[] = [];
  let now = 1_000_000;
  const { key = modelKey, baseUrl = standIn.url, ...limits } = options;
  const settings = { baseUrl, apiKey: key, model: 'deepseek-chat' };
  const model = new ChatModel(settings, (state, detail) => notices.push(`${state} ${detail}`), {
    deadlineMs: 300,
    healthDeadlineMs: 200,
    ...limits,
    now: () => now,
  });
  const conversation = openConversation(model);
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...conversation, notices, pass };
}

const questions = async () => (await standIn.asked()).questions;

describe('the model', () => {
  it('is asked where the rules are not sure, and believed', async () => {
    expect(await open().understand(hazy)).toMatchObject({
      intent: 'track_order',
      via: 'model',
      reason: null,
    });
  });
  it('is not asked where they are', async () => {
    const before = await questions();
    const understood = await open().understand('Where is my order GG-12001?');
    expect(understood).toMatchObject({ intent: 'track_order', via: 'rules', reason: null });
    expect(await questions()).toBe(before);
  });
  it('leaves the rules their guess when it has no opinion of its own', async () => {
    const understood = await open().understand('a zebra in pyjamas');
    expect(understood).toMatchObject({ intent: null, via: 'rules', reason: 'unsure' });
  });
  it('never sees what names an order or a person', async () => {
    const text = 'Ordr GG-20077, ann@example.com, +1 (415) 555-0100, no. 445566: the courier?';
    const { parameters } = await open().understand(text);
    const { last } = await standIn.asked();
    expect(last).toContain('courier');
    for (const secret of ['20077', 'ann@', '555', '445566', modelKey]) {
      expect(last).not.toContain(secret);
    }
    expect(parameters).toEqual({ orderNumber: 'GG-20077', email: 'ann@example.com' });
  });
});

describe('each fault of the model', () => {
  it.each([
    ['slow', 'slow'],
    ['quota', 'quota'],
    ['unpaid', 'quota'],
    ['unauthorised', 'error'],
    ['broken', 'error'],
    ['garbage', 'error'],
    ['unknown-intent', 'error'],
  ])('%s: the rules answer, and say why', async (fault, reason) => {
    await standIn.fault(fault);
    const conversation = open();
    const began = performance.now();
    const understood = await conversation.understand('my delivery was supposed to come on Monday');
    expect(understood).toMatchObject({ via: 'rules', reason });
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(conversation.notices).toHaveLength(1);
    expect(conversation.notices.join()).not.toContain(modelKey);
  });
  it('nobody listens: the same', async () => {
    const understood = await open({ baseUrl: 'http://127.0.0.1:1' }).understand(hazy);
    expect(understood).toMatchObject({ intent: null, via: 'rules', reason: 'error' });
  });
  it('a wrong key: the same, and it is told once', async () => {
    const conversation = open({ key: 'sk-wrong' });
    await conversation.understand(hazy);
    expect(await conversation.understand(hazy)).toMatchObject({ reason: 'error' });
    expect(conversation.notices).toEqual(['away status 401']);
  });
});

describe('a model that is not well', () => {
  it('is left alone for as long as its Retry-After says, then asked with one question', async () => {
    await standIn.fault('quota', { retryAfter: 120 });
    const conversation = open();
    await conversation.understand(hazy);
    const before = await questions();
    conversation.pass(119_000);
    expect(await conversation.understand(hazy)).toMatchObject({ via: 'rules', reason: 'quota' });
    expect(await questions()).toBe(before);
    await standIn.fault(null);
    conversation.pass(2_000);
    expect(await conversation.understand(hazy)).toMatchObject({ via: 'model' });
    expect(conversation.notices).toEqual(['away status 429', 'back ']);
  });
  it('costs no customer any time after three failures in a row', async () => {
    await standIn.fault('slow');
    const conversation = open({ deadlineMs: 100 });
    for (let failure = 0; failure < 3; failure += 1) await conversation.understand(hazy);
    const before = await questions();
    expect(await conversation.understand(hazy)).toMatchObject({ via: 'rules', reason: 'slow' });
    expect(await questions()).toBe(before);
  });
  it('gets a single question of several at once when its pause is over', async () => {
    await standIn.fault('quota', { retryAfter: 1 });
    const conversation = open();
    await conversation.understand(hazy);
    await standIn.fault(null);
    conversation.pass(1_001);
    const before = await questions();
    const answers = await Promise.all([1, 2, 3].map(() => conversation.understand(hazy)));
    expect(answers.map(({ via }) => via)).toEqual(['model', 'rules', 'rules']);
    expect(await questions()).toBe(before + 1);
  });
  it('gets no more questions at once than agreed', async () => {
    await standIn.fault('slow', { ms: 100 });
    const conversation = open({ atOnce: 2, deadlineMs: 2_000 });
    const answers = await Promise.all([1, 2, 3].map(() => conversation.understand(hazy)));
    expect(answers.map(({ reason }) => reason)).toEqual([null, null, 'slow']);
  });
});

describe('its health', () => {
  it('is asked for without spending anything, and at most twice a minute', async () => {
    const conversation = open();
    const before = await questions();
    expect(await conversation.health()).toBe('ok');
    await standIn.fault('unauthorised');
    expect(await conversation.health()).toBe('ok');
    conversation.pass(30_000);
    expect(await conversation.health()).toBe('error');
    expect(await questions()).toBe(before);
  });
  it.each([
    ['slow', 'slow'],
    ['quota', 'quota'],
    ['broken', 'error'],
  ])('tells that it is %s', async (fault, health) => {
    await standIn.fault(fault);
    expect(await open().health()).toBe(health);
  });
  it('tells what customers met last', async () => {
    await standIn.fault('quota', { retryAfter: 60 });
    const conversation = open();
    await conversation.understand(hazy);
    await standIn.fault(null);
    expect(await conversation.health()).toBe('quota');
  });
});
