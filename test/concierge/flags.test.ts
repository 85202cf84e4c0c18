import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ask, freshSession, paths } from './support/ask.ts';
import { identity, useWorld } from './support/world.ts';

const world = useWorld();
let url = '';
beforeAll(async () => {
  url = (await world.start()).url;
});

const key = () => ({ 'x-idempotency-key': `idem-${freshSession()}` });
const patience = { timeout: 5_000, interval: 100 };

describe('AURORA_WIDGET_ENABLED', () => {
  it('shows the bundle while it is on and names none while it is off', async () => {
    const look = async () => {
      const answer = await fetch(`${url}/widget.js`);
      return { headers: answer.headers, text: await answer.text() };
    };
    const shown = await look();
    expect(shown.headers.get('x-aurora-widget')).toBe('shown');
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect(shown.text).toContain(`/widget/${identity.widget.digest}.js`);
    expect(shown.headers.get('set-cookie')).toMatch(/^aurora_session=sess_/);
    world.flags.set('AURORA_WIDGET_ENABLED', false);
    try {
      await vi.waitFor(async () => {
        const hidden = await look();
        expect(hidden.headers.get('x-aurora-widget')).toBe('hidden');
        expect(hidden.text).not.toContain('/widget/');
      }, patience);
    } finally {
      world.flags.set('AURORA_WIDGET_ENABLED', true);
    }
  });
  it('serves its own bundle for ever and knows no other', async () => {
    const bundle = await fetch(`${url}/widget/${identity.widget.digest}.js`);
    expect(bundle.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await bundle.text()).toBe('/* widget */');
    expect((await fetch(`${url}/widget/${'0'.repeat(64)}.js`)).status).toBe(404);
  });
});

describe('AURORA_TIMELINE_ENABLED', () => {
  it('off: the status without timeline, an outage text and a person', async () => {
    world.flags.set('AURORA_TIMELINE_ENABLED', false);
    try {
      const sessionId = await vi.waitFor(async () => {
        const asking = freshSession();
        const asked = { sessionId: asking, orderNumber: 'GG-12002' };
        const { body, types } = await ask(url, paths.orderStatus, asked);
        expect(types).toEqual(['order_status', 'assistant_text', 'escalation_form', 'csat_bar']);
        expect(body).toMatchObject({ currentStatus: 'shipped', timeline: [] });
        expect(body.messages?.[1]?.payload.copyHook).toBe('outage.orders.timeline');
        return asking;
      }, patience);
      await vi.waitFor(async () => {
        const events = await world.events.collection('events').find({ sessionId }).toArray();
        expect(events.map(({ event }) => event)).toEqual(['aurora_outage_notice']);
      }, patience);
    } finally {
      world.flags.set('AURORA_TIMELINE_ENABLED', true);
    }
  });
});

describe('AURORA_RETURNS_ENABLED', () => {
  it('off: no return is opened, and a person takes over', async () => {
    const asked = () => ({ sessionId: freshSession(), orderNumber: 'GG-20011', option: 'return' });
    world.flags.set('AURORA_RETURNS_ENABLED', false);
    try {
      await vi.waitFor(async () => {
        // An order that cannot be returned, so that asking early changes nothing.
        const early = { ...asked(), orderNumber: 'GG-12001' };
        const { status } = await ask(url, paths.returns, early, key());
        expect(status).toBe(200);
      }, patience);
      const { body, types } = await ask(url, paths.returns, asked(), key());
      expect(body).toMatchObject({ rmaId: null, status: 'declined' });
      expect(types).toEqual(['assistant_text', 'escalation_form']);
      const order = await world.db.collection('orders').findOne({ orderNumber: 'GG-20011' });
      expect(order?.status).toBe('delivered');
    } finally {
      world.flags.set('AURORA_RETURNS_ENABLED', true);
    }
  });
});

describe('a flag server that is away', () => {
  it('hides the widget and degrades nothing when it was never reached', async () => {
    const dead = { UNLEASH_URL: 'http://127.0.0.1:1/api' };
    const { url: own } = await world.start({ variables: dead });
    const health = await (await fetch(`${own}/api/health`)).json();
    expect(health).toMatchObject({ status: 'ok', flags: 'never-known' });
    expect((await fetch(`${own}/widget.js`)).headers.get('x-aurora-widget')).toBe('hidden');
    const asked = { sessionId: freshSession(), orderNumber: 'GG-12002' };
    const { types } = await ask(own, paths.orderStatus, asked);
    expect(types).toEqual(['order_status', 'csat_bar']);
  });
});
