import { beforeAll, describe, expect, it } from 'vitest';
import { type Role, roles } from '../../../src/concierge/dashboard/role.ts';
import { seedDocuments } from '../../../src/stack/seed/seed.ts';
import { type Held, readDescription } from '../contract/description.ts';
import { type Answer, ask, freshSession } from '../support/ask.ts';
import { dataDirectory, useWorld } from '../support/world.ts';
import { dashboardVariables, feedback, fillDesk, ticket, tokens } from './desk.ts';

const world = useWorld();
const now = Date.now();
let url = '';
let api: Held;
let askedFor: unknown;

const apis = {
  tickets: '/api/dashboard/support/tickets',
  csat: '/api/dashboard/support/csat',
  analytics: '/api/dashboard/analytics/concierge',
};

/** Everything that a customer's browser can say on a ticket. */
const said = {
  contact: {
    email: 'rosalind@example.com',
    name: 'Rosalind Achebe',
    phone: '+44 20 7946 0958',
    timezone: 'Europe/Lisbon',
  },
  summary: 'A ring for my sister, please.',
  transcript: [{ role: 'guest', content: 'My sister likes opals.' }],
  shortlist: [
    { productId: 'prod_x', name: 'The one my sister saw', price: 10, currency: 'USD' },
    'whatever she tried on',
  ],
  inspiration: [
    { assetUrl: 'https://media.example/ins_1', label: 'my sister’s old ring' },
    { assetUrl: 'https://media.example/ins_2' },
  ],
  metadata: { note: 'sister’s birthday', page: 3, first: true, from: null },
};

beforeAll(async () => {
  await fillDesk(world.db, world.events, now);
  // Fewer than an answer holds, so that the seed's older ones are among them.
  const last = { ticketId: { $gte: 'sty_000000000040' } };
  await world.db.collection('stylistTickets').deleteMany(last);
  const seed = await seedDocuments(dataDirectory, now);
  for (const collection of ['stylistTickets', 'csatFeedback']) {
    const documents = (seed.widget[collection] ?? []).map((one) => ({ ...one }));
    await world.db.collection(collection).insertMany(documents);
  }
  await world.db.collection('stylistTickets').insertOne({
    ...ticket(300, now, 0),
    customerName: null,
    customerPhone: undefined,
    escalatedBy: 'an-agent@example.com',
  });
  await world.db.collection('csatFeedback').insertOne({
    ...feedback(300, now + 300 * 40 * 60_000, 1),
    intent: undefined,
    orderNumber: null,
    anonymisedAt: new Date(now),
    readBy: 'an-agent@example.com',
  });
  url = (await world.start({ variables: dashboardVariables })).url;
  api = await readDescription(url);
  const { body } = await ask(url, '/api/support/stylist', { sessionId: freshSession(), ...said });
  askedFor = body.ticketId;
  expect(askedFor).toMatch(/^sty_/);
});

/** A question with GET shows nothing to the widget. */
type Got = Omit<Answer, 'types'>;

async function get(base: string, path: string, token?: string, headers = {}): Promise<Got> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(base + path, { headers: { ...authorization, ...headers } });
  const { status, headers: got } = answer;
  return { status, headers: got, body: (await answer.json()) as Answer['body'] };
}

/** What a role is answered, held against the description. */
async function asRole(role: Role, path: string, query = ''): Promise<Record<string, unknown>> {
  const answer = await get(url, path + query, tokens[role]);
  expect([role, path, answer.status]).toEqual([role, path, 200]);
  api.hold('GET', path, answer);
  return answer.body as Record<string, unknown>;
}

const listOf = (body: Record<string, unknown>, name: string) =>
  body[name] as readonly Record<string, unknown>[];

describe.each(roles)('%s', (role) => {
  it('is answered tickets as described: what was said only with the right to read it', async () => {
    const tickets = listOf(await asRole(role, apis.tickets), 'tickets');
    // The desk's forty, the seed's two, the one with what is not there, and the one just asked for.
    expect(tickets).toHaveLength(44);
    const asked = tickets.find(({ ticketId }) => ticketId === askedFor);
    if (role !== 'viewer') {
      const { contact, ...words } = said;
      expect(asked).toMatchObject({
        ...words,
        customerName: contact.name,
        customerEmail: contact.email,
        customerPhone: contact.phone,
        timezone: contact.timezone,
      });
      return;
    }
    expect(asked).toMatchObject({ customerName: 'R. A.', customerEmail: 'r***@example.com' });
    const seen = JSON.stringify(tickets);
    for (const word of ['sister', 'she tried', 'opal', 'ins_1', 'Lisbon', '7946']) {
      expect(seen).not.toContain(word);
    }
  });
  it('is answered ratings as described', async () => {
    const ratings = listOf(await asRole(role, apis.csat), 'feedback');
    expect(ratings).toHaveLength(50);
    expect(ratings.some((one) => 'anonymisedAt' in one)).toBe(true);
    expect(ratings.some((one) => 'comment' in one)).toBe(role !== 'viewer');
  });
  it.each([
    ['', 7],
    ['?range=7d', 7],
    ['?range=30d', 30],
    ['?range=90d', 90],
  ])('is answered analytics%s as described', async (query, days) => {
    const report = await asRole(role, apis.analytics, query);
    expect(report.series).toHaveLength(days);
    expect(report.totals === null).toBe(role === 'concierge_agent');
    expect(listOf(report, 'topShortlisted').length).toBeGreaterThan(0);
  });
});

describe('the description', () => {
  it('would not bear another field, or one that is missing, in any list', async () => {
    for (const [path, list] of [
      [apis.tickets, 'tickets'],
      [apis.csat, 'feedback'],
      [apis.analytics, 'series'],
    ] as const) {
      const answer = await get(url, path, tokens.admin);
      const [first = {}, ...rest] = listOf(answer.body as Record<string, unknown>, list);
      const with_ = (one: object) => ({
        ...answer,
        body: { ...answer.body, [list]: [one, ...rest] },
      });
      api.hold('GET', path, with_(first));
      expect(() => api.hold('GET', path, with_({ ...first, more: 1 }))).toThrow();
      expect(() => api.hold('GET', path, with_({}))).toThrow();
      const more = { ...answer, body: { ...answer.body, more: 1 } };
      expect(() => api.hold('GET', path, more)).toThrow();
    }
  });
  it('says that a token is needed, and of which kind', () => {
    for (const path of Object.values(apis)) {
      const operation = api.description.paths[path]?.get;
      expect(operation).toMatchObject({ tags: ['dashboard'], security: [{ dashboard: [] }] });
    }
  });
  it('foresees each refusal', async () => {
    for (const path of Object.values(apis)) {
      const missing = await get(url, path);
      const wrong = await get(url, path, 'token-that-nobody-has');
      expect([missing.status, wrong.status]).toEqual([401, 403]);
      for (const answer of [missing, wrong]) api.hold('GET', path, answer);
    }
    for (const query of ['?range=8d', '?range=7d&range=30d', '?range=']) {
      const answer = await get(url, apis.analytics + query, tokens.viewer);
      expect([query, answer.status]).toEqual([query, 400]);
      api.hold('GET', apis.analytics, answer);
    }
  });
  it('foresees that who guesses is slowed down', async () => {
    const from = { 'x-forwarded-for': '10.7.7.7' };
    const slowed = new Set<string>();
    for (let n = 0; n < 400 && slowed.size < 3; n += 1) {
      const path = Object.values(apis)[n % 3] ?? '';
      const answer = await get(url, path, `guess-number-${n}`, from);
      if (answer.status !== 429) continue;
      api.hold('GET', path, answer);
      slowed.add(path);
    }
    expect(slowed.size).toBe(3);
  });
  it('foresees a storage that fails', async () => {
    const broken = await world.start({
      variables: dashboardVariables,
      plugins: [
        (_app, { dashboard }) => {
          const fail = () => Promise.reject(new Error('connection to /data/db was lost'));
          Object.assign(dashboard, { newestTickets: fail, unhappy: fail, scores: fail });
        },
      ],
    });
    for (const path of Object.values(apis)) {
      const answer = await get(broken.url, path, tokens.admin);
      expect([path, answer.status, answer.body.code]).toEqual([path, 500, 'server.error']);
      api.hold('GET', path, answer);
      expect(JSON.stringify(answer.body)).not.toContain('data/db');
    }
  });
});

it('what the dashboards ask the storage is timed under names of its own', async () => {
  const own = await world.start({ variables: dashboardVariables });
  for (const path of Object.values(apis)) await get(own.url, path, tokens.admin);
  const metrics = await (await fetch(`${own.url}/api/metrics?format=prometheus`)).text();
  for (const query of ['newestTickets', 'unhappy', 'scores', 'events', 'productNames']) {
    const name = 'concierge_database_query_duration_seconds_count';
    expect(metrics).toMatch(
      new RegExp(`${name}\\{[^}]*operation="dashboard\\.${query}"[^}]*\\} 1$`, 'm'),
    );
  }
});
