import { beforeAll, describe, expect, it } from 'vitest';
import { ask, freshSession, paths, twoPieces } from '../support/ask.ts';
import { useWorld } from '../support/world.ts';

const world = useWorld();
let url = '';
beforeAll(async () => {
  url = (await world.start()).url;
});

async function widgetHealth(base: string, query = ''): Promise<Record<string, unknown>> {
  const answer = await fetch(`${base}/api/health?check=widget${query}`);
  expect(answer.status).toBe(200);
  const { checks } = (await answer.json()) as { checks: { widget: Record<string, unknown> } };
  return checks.widget;
}

describe('health of the widget', () => {
  it('says to whom it is shown and why, and names nobody', async () => {
    const variables = {
      NEXT_PUBLIC_CONCIERGE_ROLLOUT_PERCENTAGE: '0',
      NEXT_PUBLIC_CONCIERGE_ALLOWED_USERS: 'beta@example.com',
    };
    const { url: own } = await world.start({ variables });
    expect(await widgetHealth(own)).toEqual({
      shown: false,
      reason: 'outside-rollout',
      message: expect.stringContaining('NEXT_PUBLIC_CONCIERGE_ROLLOUT_PERCENTAGE'),
      sessionId: null,
      flags: 'live',
      enabled: true,
      rolloutPercentage: 0,
      allowedUsers: 1,
    });
    const beta = await widgetHealth(own, '&sessionId=sess_abcdef&user=beta@example.com');
    expect(beta).toMatchObject({ shown: true, reason: 'allowed-user', sessionId: 'sess_abcdef' });
    expect(JSON.stringify(beta)).not.toContain('beta@');
    // The page is told the same.
    const hidden = await fetch(`${own}/widget.js`);
    expect(hidden.headers.get('x-aurora-widget-reason')).toBe('outside-rollout');
    expect(await hidden.text()).not.toContain('/widget/');
    const shown = await fetch(`${own}/widget.js?user=beta@example.com`);
    expect(shown.headers.get('x-aurora-widget')).toBe('shown');
  });
});

describe('the pointer', () => {
  it('keeps the visitor who is hidden, so that the next page does not draw anew', async () => {
    const variables = { NEXT_PUBLIC_CONCIERGE_ROLLOUT_PERCENTAGE: '0' };
    const { url: own } = await world.start({ variables });
    const first = await fetch(`${own}/widget.js`);
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^aurora_session=sess_\w+; Path=\/; SameSite=Lax; Secure; HttpOnly$/);
    const again = { headers: { cookie: cookie.split(';')[0] ?? '' } };
    expect((await fetch(`${own}/widget.js`, again)).headers.get('set-cookie')).toBeNull();
  });
});

describe('the doors of the widget', () => {
  const key = () => ({ authorization: '', 'x-idempotency-key': `idem-${freshSession()}` });
  const door = (name: string) => `/api/support/${name}`;

  it('open without a key and answer like the API', async () => {
    const sessionId = freshSession();
    const pairs: readonly (readonly [string, string, Record<string, unknown>])[] = [
      ['products', paths.products, { category: 'ring' }],
      ['order-status', paths.orderStatus, { orderNumber: 'GG-12002' }],
      ['returns', paths.returns, { orderNumber: 'GG-00000', option: 'return' }],
      ['capsule', paths.capsule, { shortlistId: 'sl_none', customerEmail: 'a@example.com' }],
      ['stylist', paths.stylist, { contact: { email: 'a@example.com' }, summary: 'ten letters.' }],
      ['csat', paths.csat, { rating: 'great' }],
      ['shortlist', paths.shortlist, { items: twoPieces }],
      ['inspiration', paths.inspiration, {}],
      [
        'order-updates',
        paths.orderUpdates,
        { contact: { channel: 'email', value: 'a@example.com' }, consent: true },
      ],
    ];
    for (const [name, path, body] of pairs) {
      const asked = { sessionId, ...body };
      const open = await ask(url, door(name), asked, key());
      const closed = await ask(
        url,
        path,
        { ...asked, sessionId: freshSession() },
        { 'x-idempotency-key': 'idem-closed-1' },
      );
      expect([name, open.status, open.types]).toEqual([name, closed.status, closed.types]);
      expect(Object.keys(open.body).sort()).toEqual(Object.keys(closed.body).sort());
      expect((await ask(url, path, asked, { authorization: '' })).status).toBe(401);
    }
  });
  it('count a session like the API does', async () => {
    const sessionId = freshSession();
    const answers = [];
    for (let n = 0; n < 40; n += 1) {
      answers.push(ask(url, door('products'), { sessionId }, { authorization: '' }));
    }
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses).toContain(429);
  });
});

describe('the demo page', () => {
  it('may load its own things only, and shows the shop', async () => {
    const page = await fetch(`${url}/demo`);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const text = await page.text();
    expect(text).toContain('Solaris Aura Ring');
    expect(text).toContain('<script src="/widget.js" defer></script>');
    // Nothing from elsewhere.
    expect(text).not.toMatch(/(src|href)="https?:/);
    const style = await fetch(`${url}/demo/style.css`);
    expect(style.headers.get('content-type')).toContain('text/css');
  });
  it('writes names of pieces as text', async () => {
    const products = world.db.collection('products');
    const bold = {
      productId: 'prod_<b>',
      slug: 'b',
      name: '<b>&"Bold"</b>',
      category: 'ring',
      tags: [],
    };
    const rest = { pricing: { basePrice: 1, currency: 'USD' }, inventory: { available: 1 } };
    const metadata = { readyToShip: true, primaryMetal: '"><script>', score: 1 };
    await products.insertOne({ ...bold, ...rest, metadata });
    try {
      const { url: own } = await world.start();
      const text = await (await fetch(`${own}/demo`)).text();
      expect(text).toContain('&lt;b&gt;&amp;&quot;Bold&quot;&lt;/b&gt;');
      expect(text).not.toContain('"><script>');
    } finally {
      await products.deleteOne({ productId: bold.productId });
    }
  });
  it('is not there in production', async () => {
    const { url: own } = await world.start({ variables: { AURORA_ENVIRONMENT: 'production' } });
    const answer = await fetch(`${own}/demo`);
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'route.not_found' }]);
  });
});
