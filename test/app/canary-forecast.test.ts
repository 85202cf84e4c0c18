import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Company } from '../effects/company.ts';
import { serveText } from '../services/metrics/text-server.ts';
import { employ, settle } from './company-desk.ts';
import { Desk } from './support.ts';

const stable = 'a'.repeat(64);
const hour = 3_600_000;
let desk: Desk;
let company: Company;
const closing: (() => Promise<void>)[] = [];

/** What the stable slot counted of so many sessions in its hour: one request each, all well. */
function counted(sessions: number): string {
  const of = `build="${stable}"`;
  const products = `endpoint="/api/concierge/products",${of}`;
  const buckets = ['0.1', '0.3', '0.4', '0.45', '0.5', '0.6', '0.65', '0.7', '+Inf'];
  return [
    '# TYPE concierge_http_requests_total counter',
    `concierge_http_requests_total{status="200",${products}} ${sessions}`,
    '# TYPE concierge_http_request_duration_seconds histogram',
    ...buckets.map(
      (le) => `concierge_http_request_duration_seconds_bucket{le="${le}",${products}} ${sessions}`,
    ),
    `concierge_http_request_duration_seconds_sum{${products}} 12.5`,
    `concierge_http_request_duration_seconds_count{${products}} ${sessions}`,
    '# TYPE concierge_sessions_total counter',
    `concierge_sessions_total{${of}} ${sessions}`,
    '# TYPE concierge_sessions_bad_total counter',
    `concierge_sessions_bad_total{${of}} 0`,
    '# TYPE concierge_csat_total counter',
    `concierge_csat_total{rating="great",${of}} ${sessions / 10}`,
    `concierge_csat_total{rating="needs_follow_up",${of}} 0`,
    '# TYPE concierge_process_start_time_seconds gauge',
    `concierge_process_start_time_seconds{${of}} ${(Date.now() - hour) / 1_000}`,
    '',
  ].join('\n');
}

/** Production with customers on its stable build. */
async function open(sessions: number): Promise<void> {
  const { url, close } = await serveText(counted(sessions), 200);
  closing.push(close);
  settle(company, stable);
  company.slots.set('production/blue', {
    ...company.setSlot('production', 'blue', stable),
    url,
  });
}

beforeEach(async () => {
  desk = await (await new Desk().open()).configured();
  company = await new Company().open();
  closing.push(() => company.close());
  await employ(desk, company, 'redis://127.0.0.1:9');
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await desk.close();
});

describe('aurora canary forecast', () => {
  it('foresees the canary of the plan from what customers do now', async () => {
    await open(8_000);
    const ran = await desk.run('canary', 'forecast');
    expect(ran).toMatchObject({ exit: 0, stderr: '' });
    expect(ran.stdout).toContain('a canary of 30 min at 5 % of customers, beside a control');
    expect(ran.stdout).toContain('8000 sessions');
    expect(ran.stdout).toMatch(/Error rate +gate +(199|200) +679 +no/);
    expect(ran.stdout).toContain('will probably hold, for want of proof: errors');
    expect(company.changes).toEqual([]);
  });

  it('foresees another share and window, and tells programs the same', async () => {
    await open(8_000);
    const ran = await desk.run('canary', 'forecast', '--percent', '50', '--for', '2 h', '--json');
    const document = ran.json();
    expect(document).toMatchObject({ kind: 'canary-forecast', share: 0.5, windowMs: 2 * hour });
    expect(document.looks).toBe(121);
    const metrics = document.metrics as { id: string; provable: boolean; expected: number }[];
    const errors = metrics.find(({ id }) => id === 'errors');
    expect(errors?.provable).toBe(true);
    expect(errors?.expected).toBeGreaterThan(7_900);
  });

  it('has nobody to compare all customers with', async () => {
    await open(8_000);
    const ran = await desk.run('canary', 'forecast', '--percent', '100');
    expect(ran.stdout).toContain('at 100 % of customers, without a control');
  });

  it.each([
    ['--percent', '0'],
    ['--percent', '101'],
    ['--percent', ''],
    ['--for', 'soon'],
    ['--for', '0 s'],
  ])('refuses %s %j', async (...words) => {
    const ran = await desk.run('canary', 'forecast', ...words);
    expect(ran.exit).toBe(2);
    expect(ran.stderr).toContain('USAGE');
  });

  it('has nothing to go by at a first launch', async () => {
    const ran = await desk.run('canary', 'forecast');
    expect(ran.exit).toBe(4);
    expect(ran.stderr).toContain('NO_DATA: production serves no build yet');
  });

  it('says which service does not answer', async () => {
    await open(8_000);
    company.dead.add('/slots');
    const ran = await desk.run('canary', 'forecast');
    expect(ran.exit).toBe(3);
    expect(ran.stderr).toContain('SERVICE_');
  });
});
