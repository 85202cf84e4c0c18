import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunningPart } from '../../../src/stack/child.ts';
import { Inbox } from '../../../src/stack/receivers/inbox.ts';
import { startReceivers } from '../../../src/stack/receivers/start.ts';

let part: RunningPart;
let now = Date.parse('2026-03-01T12:00:00Z');

beforeEach(async () => {
  part = await startReceivers({ httpPort: 0, smtpPort: 0 }, { now: () => now });
});
afterEach(async () => {
  await part.close();
});

async function call(method: string, path: string, body?: unknown) {
  const answer = await fetch(`${part.endpoints.http}${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: answer.status, text, json };
}
const received = async () => (await call('GET', '/received')).json;

describe('Slack receiver', () => {
  it('keeps a message and answers ok', async () => {
    expect(await call('POST', '/slack/T0/B0/x', { text: 'hello' })).toMatchObject({
      status: 200,
      text: 'ok',
    });
    expect(await received()).toEqual([
      { kind: 'slack', at: '2026-03-01T12:00:00.000Z', body: { text: 'hello' } },
    ]);
  });

  it.each([
    ['{', 'invalid_payload'],
    ['[]', 'invalid_payload'],
    [{ text: 5 }, 'invalid_payload'],
    [{ blocks: 'x' }, 'invalid_payload'],
    [{}, 'no_text'],
    [{ text: ' ', blocks: [] }, 'no_text'],
  ])('refuses %j with %s', async (body, text) => {
    expect(await call('POST', '/slack/hook', body)).toMatchObject({ status: 400, text });
    expect(await received()).toEqual([]);
  });
});

describe('PagerDuty receiver', () => {
  const event = {
    routing_key: 'r'.repeat(32),
    event_action: 'trigger',
    dedup_key: 'release-1',
    payload: { summary: 's', source: 'aurora', severity: 'critical' },
  };

  it('accepts an event, and keeps it without the routing key', async () => {
    const answer = await call('POST', '/v2/enqueue', event);
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      status: 'success',
      message: 'Event processed',
      dedup_key: 'release-1',
    });
    expect(JSON.stringify(await received())).not.toContain(event.routing_key);
    expect(await received()).toMatchObject([
      { kind: 'pagerduty', body: { payload: event.payload } },
    ]);
  });

  it('makes a key when there is none', async () => {
    const { dedup_key: _, ...without } = event;
    const answer = await call('POST', '/v2/enqueue', without);
    expect(answer.json).toMatchObject({ dedup_key: expect.stringMatching(/^\w{32}$/) });
  });

  it.each([
    [{ ...event, routing_key: 'short' }, 'routing_key'],
    [{ ...event, event_action: 'shout' }, 'event_action'],
    [{ ...event, payload: undefined }, 'payload'],
    [{ ...event, payload: { ...event.payload, severity: 'fatal' } }, 'severity'],
    [{ ...event, payload: { ...event.payload, summary: '' } }, 'summary'],
    [{ ...event, payload: { ...event.payload, summary: 'x'.repeat(1_025) } }, 'summary'],
    [{ ...event, event_action: 'resolve', dedup_key: '' }, 'dedup_key'],
    ['{', 'JSON'],
  ])('refuses %j because of %s', async (body, part) => {
    const answer = await call('POST', '/v2/enqueue', body);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({
      status: 'invalid event',
      errors: [expect.stringContaining(part)],
    });
  });
});

describe('Alertmanager', () => {
  const matcher = { name: 'service', value: 'concierge', isRegex: false, isEqual: true };
  const silence = (parts: object = {}) => ({
    matchers: [matcher],
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + 60_000).toISOString(),
    createdBy: 'aurora',
    comment: 'rollback',
    ...parts,
  });
  const create = async (parts: object = {}) => {
    const { json } = await call('POST', '/api/v2/silences', silence(parts));
    return (json as { silenceID: string }).silenceID;
  };
  const state = async (id: string) => (await call('GET', `/api/v2/silence/${id}`)).json;

  it('keeps a silence until its end', async () => {
    const id = await create();
    expect(await state(id)).toEqual({
      ...silence(),
      id,
      status: { state: 'active' },
      updatedAt: new Date(now).toISOString(),
    });
    now += 61_000;
    expect(await state(id)).toMatchObject({ status: { state: 'expired' } });
  });

  it('holds one that begins later as pending', async () => {
    const id = await create({ startsAt: new Date(now + 30_000).toISOString() });
    expect(await state(id)).toMatchObject({ status: { state: 'pending' } });
  });

  it('ends one when asked, and again', async () => {
    const id = await create();
    expect(await call('DELETE', `/api/v2/silence/${id}`)).toMatchObject({ status: 200, text: '' });
    expect(await state(id)).toMatchObject({ status: { state: 'expired' } });
    expect(await call('DELETE', `/api/v2/silence/${id}`)).toMatchObject({ status: 200 });
  });

  it('changes one in place, but begins a new one for other matchers', async () => {
    const id = await create();
    expect(await create({ id, comment: 'longer' })).toBe(id);
    const other = await create({ id, matchers: [{ ...matcher, value: 'else' }] });
    expect(other).not.toBe(id);
    expect(await state(id)).toMatchObject({ status: { state: 'expired' } });
  });

  it.each([
    ['service="concierge"', 2],
    ['service=concierge', 2],
    ['service=~"con.*"', 0],
    ['service!="concierge"', 0],
    ['service="other"', 1],
    ['team="a\\"b"', 1],
    ['absent=""', 0],
    ['absent="x"', 0],
  ])('lists those that fit %s', async (filter, count) => {
    await create();
    await create({ matchers: [matcher, { ...matcher, name: 'team', value: 'a"b' }] });
    await create({ matchers: [{ ...matcher, value: 'other' }] });
    const { json } = await call('GET', `/api/v2/silences?filter=${encodeURIComponent(filter)}`);
    expect(json).toHaveLength(count);
  });

  it.each([
    [{ matchers: [] }, 422, 'at least 1 items'],
    [{ matchers: undefined }, 422, 'matchers in body is required'],
    [{ matchers: [{ name: 'a', value: 'b' }] }, 422, 'isRegex'],
    [{ matchers: [{ ...matcher, value: '' }] }, 400, 'at least one matcher'],
    [{ matchers: [{ ...matcher, name: '1x' }] }, 400, 'invalid label matcher'],
    [{ matchers: [{ ...matcher, value: '(', isRegex: true }] }, 400, 'invalid label matcher'],
    [{ endsAt: 'tomorrow' }, 400, 'parsing time'],
    [{ startsAt: '2000-01-01T00:00:00Z', endsAt: '2000-01-02T00:00:00Z' }, 400, 'in the past'],
    [{ startsAt: '2100-01-02T00:00:00Z', endsAt: '2100-01-01T00:00:00Z' }, 400, 'before end time'],
    [{ comment: undefined }, 422, 'comment in body is required'],
    [{ id: '00000000-0000-4000-8000-000000000000' }, 404, 'silence not found'],
  ])('refuses %j', async (parts, status, text) => {
    const answer = await call('POST', '/api/v2/silences', silence(parts));
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
  });

  it('refuses a filter and an id that are none', async () => {
    expect((await call('GET', '/api/v2/silences?filter=nonsense')).status).toBe(400);
    expect((await call('GET', '/api/v2/silence/7')).status).toBe(422);
    const unknown = '/api/v2/silence/00000000-0000-4000-8000-000000000000';
    expect((await call('GET', unknown)).status).toBe(404);
    expect((await call('DELETE', unknown)).status).toBe(404);
  });

  it('names its version', async () => {
    expect((await call('GET', '/api/v2/status')).json).toMatchObject({
      cluster: { status: 'disabled' },
      versionInfo: { version: expect.any(String) },
    });
  });
});

describe('the list of what arrived', () => {
  it('is cleared with the silences', async () => {
    await call('POST', '/slack/hook', { text: 'hello' });
    const end = new Date(now + 60_000).toISOString();
    await call('POST', '/api/v2/silences', {
      matchers: [{ name: 'a', value: 'b', isRegex: false }],
      startsAt: new Date(now).toISOString(),
      endsAt: end,
      createdBy: 'x',
      comment: 'y',
    });
    expect(await received()).toHaveLength(2);
    expect((await call('DELETE', '/received')).status).toBe(204);
    expect(await received()).toEqual([]);
    expect((await call('GET', '/api/v2/silences')).json).toEqual([]);
  });

  it('does not grow without end', () => {
    const inbox = new Inbox(() => now);
    for (let n = 0; n < 1_050; n += 1) inbox.add('slack', n);
    expect(inbox.items).toHaveLength(1_000);
    expect(inbox.items.at(-1)?.body).toBe(1_049);
  });

  it('has nothing else', async () => {
    expect((await call('GET', '/nothing')).status).toBe(404);
    expect((await call('GET', '/slack/hook')).status).toBe(404);
    expect((await call('POST', '/slack/hook', 'x'.repeat(2 * 1024 * 1024))).status).toBe(413);
  });
});
