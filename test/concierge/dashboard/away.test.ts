import { expect, it } from 'vitest';
import { start as startMongo } from '../../../src/stack/mongo/start.ts';
import { useWorld } from '../support/world.ts';
import { dashboardVariables, tokens } from './desk.ts';

const world = useWorld();
const headers = { authorization: `Bearer ${tokens.admin}` };

it('a database that is away: a page that says so, an API that fails, and no word of the cause', async () => {
  const own = await startMongo({ port: 0 });
  const lines: string[] = [];
  const variables = {
    ...dashboardVariables,
    MONGODB_URI: `${own.endpoints.mongodb}/away?serverSelectionTimeoutMS=300`,
  };
  const { url } = await world.start({ variables, lines });
  expect((await fetch(`${url}/dashboard/orders`, { headers })).status).toBe(200);
  await own.close();
  const [page, analytics, api] = await Promise.all([
    fetch(`${url}/dashboard/orders`, { headers }),
    fetch(`${url}/dashboard/analytics/concierge`, { headers }),
    fetch(`${url}/api/dashboard/support/csat`, { headers }),
  ]);
  expect([page.status, analytics.status, api.status]).toEqual([503, 503, 500]);
  const said = [await page.text(), await analytics.text(), await api.text()];
  expect(said[0]).toContain('The data cannot be read right now.');
  for (const text of said) expect(text).not.toMatch(/ECONNREFUSED|Mongo|127\.0\.0\.1|at \//);
  expect(lines.filter((line) => line.includes('failed'))).toHaveLength(3);
});

it('stub mode: every page opens, and is empty', async () => {
  const variables = { ...dashboardVariables, AURORA_USE_STUBS: 'true' };
  const { url } = await world.start({ variables });
  for (const [path, words] of [
    ['orders', 'No orders here'],
    ['support/queue', 'No tickets here'],
    ['support/capsules', 'No capsules here'],
    ['support/csat', 'No complaints'],
    ['analytics/concierge', 'Nothing happened yet'],
  ]) {
    const answer = await fetch(`${url}/dashboard/${path}`, { headers });
    expect([path, answer.status]).toEqual([path, 200]);
    expect(await answer.text()).toContain(words);
  }
});
