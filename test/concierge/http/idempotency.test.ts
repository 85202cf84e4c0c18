import { beforeAll, describe, expect, it } from 'vitest';
import type { KeyDocument } from '../../../src/concierge/storage/collections.ts';
import { MongoKeys } from '../../../src/concierge/storage/mongo-keys.ts';
import { type Held, readDescription } from '../contract/description.ts';
import { freshSession, paths, twoPieces } from '../support/ask.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
let api: Held;
beforeAll(async () => {
  api = await readDescription((await world.start()).url);
});

const hour = 3_600_000;
const answer = { status: 200, body: { rmaId: 'RMA-1' } };

describe('a key', () => {
  const use = (hash: string, bodyHash = 'body') => ({
    hash,
    bodyHash,
    endpoint: '/returns',
    sessionId: 'sess_123456',
  });
  const keysAt = (clock: { now: number }) =>
    new MongoKeys(world.db.collection<KeyDocument>('idempotencyKeys'), () => clock.now);

  it('replays for 24 hours and is fresh afterwards, even where nobody swept it away', async () => {
    const clock = { now: Date.now() };
    const keys = keysAt(clock);
    expect(await keys.claim(use('day'))).toEqual({ state: 'fresh' });
    await keys.answer('day', answer);
    clock.now += 24 * hour - 1;
    expect(await keys.claim(use('day'))).toEqual({ state: 'answered', answer });
    expect(await keys.claim(use('day', 'other'))).toEqual({ state: 'other-body' });
    clock.now += 1;
    expect(await keys.claim(use('day', 'other'))).toEqual({ state: 'fresh' });
    expect(await keys.claim(use('day', 'other'))).toEqual({ state: 'running' });
  });
  it('is free a minute after the process died that held it', async () => {
    const clock = { now: Date.now() };
    const keys = keysAt(clock);
    await keys.claim(use('died'));
    clock.now += 59_999;
    expect(await keys.claim(use('died'))).toEqual({ state: 'running' });
    clock.now += 1;
    expect(await keys.claim(use('died'))).toEqual({ state: 'fresh' });
  });
  it('that expired is taken over by one only', async () => {
    const clock = { now: Date.now() };
    const keys = keysAt(clock);
    await keys.claim(use('race'));
    clock.now += hour;
    const claims = await Promise.all(Array.from({ length: 8 }, () => keys.claim(use('race'))));
    expect(claims.filter(({ state }) => state === 'fresh')).toHaveLength(1);
  });
});

describe('at the API', () => {
  it('one key is the same at both doors, and another one for another session', async () => {
    const headers = { 'x-idempotency-key': `idem-${freshSession()}` };
    const asked = { sessionId: freshSession(), orderNumber: 'GG-20025', option: 'care' };
    const first = await api.ask(paths.returns, asked, headers);
    expect(first.status).toBe(200);
    expect(first.body.idempotencyKeyEcho).toBe(headers['x-idempotency-key']);
    const again = await api.ask('/api/support/returns', asked, headers);
    expect(again.body).toEqual(first.body);
    expect(first.headers.has('x-idempotency-replayed')).toBe(false);
    expect(again.headers.get('x-idempotency-replayed')).toBe('true');
    const { sessionId: _mine, orderNumber: orderId, ...rest } = asked;
    const worded = { sessionId: asked.sessionId, orderId, ...rest };
    expect((await api.ask('/api/support/returns', worded, headers)).body).toEqual(first.body);
    const foreign = await api.ask(paths.returns, { ...asked, sessionId: freshSession() }, headers);
    expect([foreign.status, foreign.body.code]).toEqual([409, 'returns.duplicate']);
    const kept = await world.db.collection('idempotencyKeys').findOne({ endpoint: paths.returns });
    expect(JSON.stringify(kept)).not.toContain(`"hash":"${headers['x-idempotency-key']}`);
  });
  /** As if the process had ended before it could keep its answer: a minute later the key is free. */
  const forgetAnswer = (sessionId: string) =>
    world.db.collection('idempotencyKeys').deleteOne({ sessionId });
  it('a return whose answer was lost is given again, not opened twice or refused', async () => {
    const asked = { sessionId: freshSession(), orderNumber: 'GG-20005', option: 'care' };
    const headers = { 'x-idempotency-key': `idem-${freshSession()}` };
    const first = await api.ask(paths.returns, asked, headers);
    expect(first.status).toBe(200);
    await forgetAnswer(asked.sessionId);
    const again = await api.ask(paths.returns, asked, headers);
    expect([again.status, again.body.rmaId]).toEqual([200, first.body.rmaId]);
    const returns = world.db.collection('returns');
    expect(await returns.countDocuments({ orderNumber: asked.orderNumber })).toBe(1);
    const anew = await api.ask(paths.returns, asked, { 'x-idempotency-key': 'another-key' });
    expect([anew.status, anew.body.code]).toEqual([409, 'returns.duplicate']);
  });
  it('a return whose process ended before the order knew of it is opened by the next try', async () => {
    const asked = { sessionId: freshSession(), orderNumber: 'GG-20027', option: 'care' };
    const headers = { 'x-idempotency-key': `idem-${freshSession()}` };
    const orders = world.db.collection('orders');
    const before = await orders.findOne({ orderNumber: asked.orderNumber });
    const first = await api.ask(paths.returns, asked, headers);
    await orders.replaceOne({ orderNumber: asked.orderNumber }, { ...before });
    await forgetAnswer(asked.sessionId);
    const again = await api.ask(paths.returns, asked, headers);
    expect(again.status).toBe(200);
    expect(again.body.rmaId).not.toBe(first.body.rmaId);
    const kept = await world.db.collection('returns').find({ orderNumber: asked.orderNumber });
    expect((await kept.toArray()).map(({ rmaId }) => rmaId)).toEqual([again.body.rmaId]);
    const order = await orders.findOne({ orderNumber: asked.orderNumber });
    expect(order?.returnInfo).toEqual({ rmaId: again.body.rmaId, option: 'care' });
  });
  it('after 24 hours the same key asks anew, and the work that was done still counts', async () => {
    const sessionId = freshSession();
    const list = await api.ask(paths.shortlist, { sessionId, items: twoPieces });
    const customerEmail = 'guest@example.com';
    const asked = { sessionId, shortlistId: list.body.shortlistId, customerEmail };
    const headers = { 'x-idempotency-key': `idem-${sessionId}` };
    expect((await api.ask(paths.capsule, asked, headers)).status).toBe(200);
    expect((await api.ask(paths.capsule, asked, headers)).status).toBe(200);
    await world.db
      .collection('idempotencyKeys')
      .updateOne({ sessionId }, { $set: { expiresAt: new Date(Date.now() - 1) } });
    const later = await api.ask(paths.capsule, asked, headers);
    expect([later.status, later.body.code]).toEqual([409, 'CAPSULE_LIMIT_REACHED']);
  });
});
