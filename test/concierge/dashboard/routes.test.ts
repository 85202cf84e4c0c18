import { beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../../src/concierge/dashboard/role.ts';
import { useWorld } from '../support/world.ts';
import { dashboardVariables, feedback, fillDesk, ticket, tokens } from './desk.ts';

const world = useWorld();
const now = Date.now();
const lines: string[] = [];
let url = '';
beforeAll(async () => {
  await fillDesk(world.db, world.events, now);
  url = (await world.start({ variables: dashboardVariables, lines })).url;
});

const pages = [
  '/dashboard/orders',
  '/dashboard/orders/GG-12002',
  '/dashboard/support/queue',
  '/dashboard/support/capsules',
  '/dashboard/support/csat',
  '/dashboard/analytics/concierge',
];
const ticketPage = '/dashboard/support/tickets/sty_000000000007';
const apis = [
  '/api/dashboard/support/tickets',
  '/api/dashboard/support/csat',
  '/api/dashboard/analytics/concierge',
];

const bearer = (role: Role) => ({ headers: { authorization: `Bearer ${tokens[role]}` } });
const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
  method: 'POST',
  redirect: 'manual' as const,
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: new URLSearchParams(fields).toString(),
});

async function textOf(path: string, role: Role): Promise<string> {
  const answer = await fetch(url + path, bearer(role));
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
}

interface Body {
  readonly code?: string;
  readonly requestId?: string;
  readonly tickets: readonly Record<string, unknown>[];
  readonly feedback: readonly Record<string, unknown>[];
  readonly totals: Record<string, unknown> | null;
  readonly range: string;
  readonly series: readonly unknown[];
}

async function ask(path: string, init: RequestInit = {}, base = url) {
  const answer = await fetch(base + path, init);
  return { status: answer.status, body: (await answer.json()) as Body, headers: answer.headers };
}

/** What stands in the first column of a page's table. */
const rows = (page: string) =>
  [
    ...page.matchAll(/<th role="rowheader"[^>]*>.*?<span class="cell">(?:<a href="([^"]+)">)?/g),
  ].map(([, href]) => href ?? '');
const nextOf = (page: string) =>
  /rel="next" href="([^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&');

describe('who may look', () => {
  it('nobody, while no token is configured: 401 everywhere, and a page that says how', async () => {
    const closed = (await world.start()).url;
    for (const path of [...pages, ticketPage, '/dashboard/login']) {
      const answer = await fetch(closed + path, { redirect: 'manual' });
      expect([path, answer.status]).toEqual([path, 401]);
      expect(await answer.text()).toContain('AURORA_DASHBOARD_TOKENS');
    }
    for (const path of apis) {
      const { status, body } = await ask(path, bearer('admin'), closed);
      expect([path, status, body.code]).toEqual([path, 401, 'auth.missing']);
    }
    const posted = await fetch(`${closed}/dashboard/login`, form({ token: tokens.admin }));
    expect(posted.status).toBe(401);
  });

  it('no API without a token, or with a wrong one', async () => {
    for (const path of apis) {
      expect(await ask(path)).toMatchObject({ status: 401, body: { code: 'auth.missing' } });
      const wrong = { headers: { authorization: 'Bearer test-key-of-the-concierge' } };
      expect(await ask(path, wrong)).toMatchObject({
        status: 403,
        body: { code: 'auth.forbidden' },
      });
    }
  });

  it('a page sends to the form and back again; the cookie opens it, and signing out closes it', async () => {
    const asked = await fetch(`${url}/dashboard/orders?status=shipped`, { redirect: 'manual' });
    expect(asked.status).toBe(303);
    const login = asked.headers.get('location') ?? '';
    const next = new URL(login, url).searchParams.get('next') ?? '';
    expect(await (await fetch(url + login)).text()).toContain(`value="${next}"`);
    const signedIn = await fetch(`${url}/dashboard/login`, form({ token: tokens.viewer, next }));
    expect([signedIn.status, signedIn.headers.get('location')]).toEqual([303, next]);
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const open = await fetch(url + next, { headers: { cookie }, redirect: 'manual' });
    expect(open.status).toBe(200);
    // The APIs are for programs: no browser can be made to use the cookie there.
    expect((await ask(apis[0] ?? '', { headers: { cookie } })).status).toBe(401);
    const out = await fetch(`${url}/dashboard/logout`, form({}, { cookie }));
    expect(out.headers.get('location')).toBe('/dashboard/login');
    const after = await fetch(url + next, { headers: { cookie }, redirect: 'manual' });
    expect(after.status).toBe(303);
  });

  it('whoever signed in at one slot is known at the other', async () => {
    const other = (
      await world.start({ variables: { ...dashboardVariables, AURORA_SLOT: 'green' } })
    ).url;
    const signedIn = await fetch(`${url}/dashboard/login`, form({ token: tokens.support_lead }));
    const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const page = await fetch(`${other}/dashboard/orders`, {
      headers: { cookie },
      redirect: 'manual',
    });
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain('Support lead');
    expect(text).toContain('staging, slot green');
  });

  it('a wrong token is told so, is not shown again, and no other site may sign anybody in', async () => {
    const secret = 'wrong-token-that-nobody-has';
    const wrong = await fetch(`${url}/dashboard/login`, form({ token: secret }));
    expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([403, null]);
    const text = await wrong.text();
    expect(text).toContain('does not open the dashboards');
    expect(text + lines.join('')).not.toContain(secret);
    const foreign = form({ token: tokens.admin }, { 'sec-fetch-site': 'cross-site' });
    const refused = await fetch(`${url}/dashboard/login`, foreign);
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([403, null]);
  });

  it('signing in leads to pages of the dashboards only', async () => {
    for (const next of [
      'https://evil.example',
      '//evil.example',
      '/dashboard//evil',
      '/api/metrics',
      '/dashboard/logout',
      '/dashboard/../x',
      '/dashboard/%2e%2e/x',
    ]) {
      const answer = await fetch(`${url}/dashboard/login`, form({ token: tokens.viewer, next }));
      const location = answer.headers.get('location') ?? '';
      expect(new URL(location, url).origin).toBe(url);
      expect(new URL(location, url).pathname).toMatch(/^\/dashboard\/(?!log)/);
    }
  });

  it('guesses are slowed down', async () => {
    const from = { 'x-forwarded-for': '10.9.9.9' };
    let refused = 0;
    for (let n = 0; n < 130; n += 1) {
      const answer = await fetch(`${url}/dashboard/login`, form({ token: 'guess' }, from));
      if (answer.status === 429) refused += 1;
    }
    expect(refused).toBeGreaterThan(0);
  });
});

describe('what a role sees', () => {
  it('an agent sees customers but no sums', async () => {
    expect(await textOf('/dashboard/orders', 'concierge_agent')).not.toContain('$1,480');
    expect(await textOf('/dashboard/orders', 'support_lead')).toContain('$1,480');
    expect(await textOf(pages[5] ?? '', 'concierge_agent')).not.toContain('class="sums"');
    expect(await textOf(pages[5] ?? '', 'support_lead')).toContain('class="sums"');
    expect((await ask(apis[2] ?? '', bearer('concierge_agent'))).body.totals).toBeNull();
    expect(await textOf('/dashboard/support/queue', 'concierge_agent')).toContain(
      'customer7@example.com',
    );
  });

  it('a viewer sees no name, address or word of a customer, on any page or API', async () => {
    const seen = [
      ...(await Promise.all(pages.map((path) => textOf(path, 'viewer')))),
      ...(await Promise.all(
        apis.map(async (path) => JSON.stringify((await ask(path, bearer('viewer'))).body)),
      )),
    ].join('\n');
    for (const personal of [
      'customer7@',
      'shopper',
      'test@example.com',
      'Lindqvist',
      'rose gold',
      'nobody told me',
      '010-7890',
      'somebody help',
      '94102',
    ]) {
      expect(seen).not.toContain(personal);
    }
    expect(seen).toContain('c***@example.com');
    expect(seen).toContain('M. L.');
    const answer = await fetch(url + ticketPage, bearer('viewer'));
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('Sign in with another role');
  });

  it('nobody sees a whole tracking number', async () => {
    expect(await textOf('/dashboard/orders/GG-12002', 'admin')).toMatch(/1Z\*\*\*\w{4}/);
  });
});

describe('the APIs', () => {
  it('tickets: open ones, newest first, at most 50', async () => {
    await world.db
      .collection('stylistTickets')
      .insertOne({ ...ticket(99, now, 0), status: 'done' });
    const { body, headers } = await ask(apis[0] ?? '', bearer('support_lead'));
    expect(body.tickets.map(({ ticketId }) => ticketId)).toEqual(
      Array.from({ length: 50 }, (_, n) => `sty_${String(n).padStart(12, '0')}`),
    );
    expect(body.tickets[0]).toMatchObject({
      customerEmail: 'customer0@example.com',
      status: 'open',
    });
    expect(body.tickets[0]).not.toHaveProperty('_id');
    expect(body.requestId).toBe(headers.get('x-request-id'));
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('csat: below 3, newest first, at most 50', async () => {
    const more = Array.from({ length: 60 }, (_, n) => feedback(100 + n, now, 1 + (n % 2)));
    await world.db.collection('csatFeedback').insertMany(more);
    const { body } = await ask(apis[1] ?? '', bearer('admin'));
    expect(body.feedback).toHaveLength(50);
    const times = body.feedback.map(({ timestamp }) => String(timestamp));
    expect(times).toEqual([...times].sort().reverse());
    expect(body.feedback.every(({ score }) => Number(score) < 3)).toBe(true);
    expect(body.feedback[0]).toMatchObject({
      sessionId: 'sess_rated_2',
      comment: expect.any(String),
    });
  });

  it('analytics: three ranges, this environment only, nothing else', async () => {
    const { body } = await ask(`${apis[2]}?range=30d`, bearer('viewer'));
    expect(body.series).toHaveLength(30);
    expect(body).toMatchObject({
      range: '30d',
      totals: { sessions: expect.any(Number), widgetOpens: expect.any(Number) },
      funnel: [{ name: 'discovery' }, { name: 'engagement' }, { name: 'orderSupport' }],
    });
    expect(Number(body.totals?.sessions)).toBeGreaterThan(800);
    expect((await ask(apis[2] ?? '', bearer('viewer'))).body.range).toBe('7d');
    const wrong = await ask(`${apis[2]}?range=8d`, bearer('viewer'));
    expect([wrong.status, wrong.body.code]).toEqual([400, 'validation.range']);
    const production = await world.start({
      variables: { ...dashboardVariables, AURORA_ENVIRONMENT: 'production' },
    });
    const other = await ask(`${apis[2]}?range=30d`, bearer('viewer'), production.url);
    expect(other.body.totals).toMatchObject({ sessions: 0 });
  });
});

describe('the lists', () => {
  it('of orders: thirty a page, each order once, newest first', async () => {
    const seen: string[] = [];
    let at: string | undefined = '/dashboard/orders';
    while (at !== undefined) {
      const page: string = await textOf(at, 'admin');
      const here = rows(page);
      seen.push(...here);
      at = nextOf(page);
      if (at !== undefined) expect(here).toHaveLength(30);
    }
    const orders = world.db.collection('orders');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(await orders.countDocuments());
    const newest = await orders.find().sort({ createdAt: -1, orderNumber: -1 }).limit(1).toArray();
    expect(seen[0]).toBe(`/dashboard/orders/${newest[0]?.orderNumber}`);
  });

  it('of tickets: fifty a page, high ones first, then who waits longest', async () => {
    const first = await textOf('/dashboard/support/queue', 'admin');
    const second = await textOf(nextOf(first) ?? '', 'admin');
    const seen = [...rows(first), ...rows(second)].map((href) => Number(href.slice(-3)));
    const all = Array.from({ length: 60 }, (_, n) => 59 - n);
    expect(seen).toEqual([...all.filter((n) => n % 7 === 0), ...all.filter((n) => n % 7 !== 0)]);
    expect(second).toContain('Back to the first page');
    expect(
      rows(await textOf('/dashboard/support/queue?priority=high&status=open', 'admin')),
    ).toHaveLength(9);
  });

  it('of capsules: who ends first on top, with a word within two hours and a filter of twelve', async () => {
    const all = await textOf('/dashboard/support/capsules', 'admin');
    // They end in 0.6, 1.6, 4.6, 9.6, 16.6 ... hours.
    expect(rows(all)).toHaveLength(9);
    expect(all.match(/Within 2 h/g)).toHaveLength(2);
    expect(rows(await textOf('/dashboard/support/capsules?within=12h', 'admin'))).toHaveLength(4);
  });

  it('go on with what makes no sense as if it had not been said', async () => {
    for (const query of [
      '?cursor=nonsense',
      '?status=%00',
      '?cursor[]=1',
      '?status=a&status=b',
      `?cursor=${'x'.repeat(399)}`,
    ]) {
      expect(rows(await textOf(`/dashboard/orders${query}`, 'admin'))).toHaveLength(30);
    }
  });

  it('say so when there is nothing', async () => {
    expect(await textOf('/dashboard/orders?status=exception', 'admin')).toContain('No orders here');
  });
});

describe('the pages', () => {
  it('load nothing of anybody else, run nothing that they were given, and are kept nowhere', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'';
    await world.db.collection('stylistTickets').insertOne({
      ...ticket(200, now),
      summary: evil,
      customerName: evil,
      customerEmail: `"${evil}"@example.com`,
      transcript: [{ role: 'guest', content: evil, timestamp: evil }],
      shortlist: [evil, { name: evil, price: 1, currency: evil }, null, 7],
    });
    for (const path of [
      '/dashboard/support/queue',
      '/dashboard/support/tickets/sty_000000000200',
    ]) {
      const answer = await fetch(url + path, bearer('admin'));
      const page = await answer.text();
      expect(page).not.toContain('<img');
      expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;');
      const nonce = /script-src 'nonce-([^']+)'/.exec(
        answer.headers.get('content-security-policy') ?? '',
      )?.[1];
      expect(page).toContain(`<script nonce="${nonce}">`);
      expect(page).not.toMatch(/https?:\/\//);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const again = await fetch(url + path, bearer('admin'));
      expect(again.headers.get('content-security-policy')).not.toContain(nonce);
    }
    await world.db.collection('stylistTickets').deleteOne({ ticketId: 'sty_000000000200' });
  });

  it('are found under their other names', async () => {
    for (const [alias, path] of [
      ['/dashboard', '/dashboard/support/queue'],
      ['/dashboard/support', '/dashboard/support/queue'],
      ['/dashboard/capsules', '/dashboard/support/capsules'],
      ['/dashboard/analytics', '/dashboard/analytics/concierge'],
    ]) {
      const answer = await fetch(url + alias, { redirect: 'manual' });
      expect([alias, answer.status, answer.headers.get('location')]).toEqual([alias, 303, path]);
    }
  });

  it('say that there is no such thing', async () => {
    for (const path of [
      '/dashboard/nothing',
      '/dashboard/orders/GG-00000',
      '/dashboard/support/tickets/sty_x',
    ]) {
      const answer = await fetch(url + path, bearer('admin'));
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.headers.get('content-type')).toContain('text/html');
    }
  });

  it('bear what nobody would send, without an error of their own', async () => {
    const before = lines.filter((line) => line.includes('failed')).length;
    const posted: readonly (readonly [string, string, number])[] = [
      ['application/json', '"x"', 403],
      ['application/json', '[1]', 403],
      ['application/json', '{"token":{"$ne":null}}', 403],
      ['application/json', '{', 400],
      ['text/xml', '<a/>', 415],
      ['application/x-www-form-urlencoded', `token=${'x'.repeat(9_000)}`, 413],
      ['application/x-www-form-urlencoded', '%%%=%&__proto__=1', 403],
    ];
    for (const [type, body, status] of posted) {
      const headers = { 'content-type': type, 'x-forwarded-for': '10.8.8.8' };
      const answer = await fetch(`${url}/dashboard/login`, { method: 'POST', headers, body });
      expect([type, body.slice(0, 30), answer.status]).toEqual([type, body.slice(0, 30), status]);
    }
    for (const id of [
      '%00',
      '%F0%9F%92%8D',
      '..%2f..%2fetc',
      '__proto__',
      'x'.repeat(99),
      "'%7C%7C1",
    ]) {
      for (const path of ['/dashboard/orders', '/dashboard/support/tickets']) {
        const answer = await fetch(`${url}${path}/${id}`, bearer('admin'));
        expect([id, answer.status]).toEqual([id, 404]);
      }
    }
    for (const cookie of [
      'aurora_dashboard=',
      'aurora_dashboard=....',
      'aurora_dashboard=admin.9e99.x.y',
    ]) {
      const answer = await fetch(`${url}/dashboard/orders`, {
        headers: { cookie },
        redirect: 'manual',
      });
      expect([cookie, answer.status]).toEqual([cookie, 303]);
    }
    expect(lines.filter((line) => line.includes('failed')).length).toBe(before);
  });

  it('name request and build, and count as no customer', async () => {
    const answer = await fetch(`${url}/dashboard/orders`, bearer('admin'));
    const page = await answer.text();
    expect(page).toContain(answer.headers.get('x-request-id'));
    expect(page).toContain('bbbbbbbbbbbb');
    const metrics = await (await fetch(`${url}/api/metrics?format=prometheus`)).text();
    expect(metrics).not.toContain('/dashboard');
  });
});
