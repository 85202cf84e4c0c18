import { afterEach, describe, expect, it } from 'vitest';
import type { SlotStatus } from '../../../src/deploy/driver.ts';
import { openConciergeMetrics } from '../../../src/services/metrics/concierge.ts';
import { candidate, driverWith, readySlot } from '../../checks/support/context.ts';
import { serveText } from './text-server.ts';

const signal = AbortSignal.timeout(10_000);
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serving(
  text: string | ((address: string) => string),
  status = 200,
): Promise<string> {
  const server = await serveText(text, status);
  closing.push(server.close);
  return server.url;
}

function scrape(build: string, started = 1_000): string {
  const of = `build="${build}"`;
  const products = `endpoint="/api/concierge/products",${of}`;
  return [
    '# HELP concierge_http_requests_total Requests.',
    '# TYPE concierge_http_requests_total counter',
    `concierge_http_requests_total{endpoint="/api/concierge/products",status="200",${of}} 95`,
    `concierge_http_requests_total{endpoint="/api/concierge/products",status="503",${of}} 4`,
    `concierge_http_requests_total{endpoint="/api/concierge/products",status="404",${of}} 1`,
    '# TYPE concierge_http_request_duration_seconds histogram',
    `concierge_http_request_duration_seconds_bucket{le="0.3",${products}} 90`,
    `concierge_http_request_duration_seconds_bucket{le="0.45",${products}} 98`,
    `concierge_http_request_duration_seconds_bucket{le="+Inf",${products}} 100`,
    `concierge_http_request_duration_seconds_sum{${products}} 12.5`,
    `concierge_http_request_duration_seconds_count{${products}} 100`,
    '# TYPE concierge_sessions_total counter',
    `concierge_sessions_total{${of}} 80`,
    '# TYPE concierge_sessions_bad_total counter',
    `concierge_sessions_bad_total{${of}} 3`,
    '# TYPE concierge_csat_total counter',
    `concierge_csat_total{rating="great",${of}} 18`,
    `concierge_csat_total{rating="needs_follow_up",${of}} 2`,
    '# TYPE concierge_process_start_time_seconds gauge',
    `concierge_process_start_time_seconds{${of}} ${started}`,
    'concierge_api_latency_p95 1.5e1',
    '',
  ].join('\n');
}

const read = (slots: readonly SlotStatus[]) =>
  openConciergeMetrics(driverWith('production', slots)).read(
    { environment: 'production', build: candidate },
    signal,
  );

/** A slot that has counted 100 requests since it started, and lists so many as its latest. */
const listing = (count: number, everyMs: number) => (address: string) => {
  if (address.includes('prometheus')) return scrape(candidate);
  const points = Array.from({ length: count }, (_, n) => ({
    timestamp: 5_000_000 + n * everyMs,
    endpoint: '/api/concierge/products',
    statusCode: 200,
    duration: 3,
  }));
  return JSON.stringify({ points });
};

describe('what is foreseen from a slot', () => {
  const traffic = async (text: string | ((address: string) => string)) =>
    openConciergeMetrics(
      driverWith('production', [readySlot('production', await serving(text))]),
    ).traffic({ environment: 'production', build: candidate }, signal);

  it('goes by the pace of its latest requests, whatever its clock says', async () => {
    // One in two milliseconds: the hundred of its life would come in a fifth of a second.
    const { counts, durationMs, over } = await traffic(listing(1_000, 2));
    expect(counts.endpoints['/api/concierge/products']?.requests).toBe(100);
    expect(durationMs).toBeCloseTo(199.8, 1);
    expect(over).toBe('its last 1000 requests');
  });

  it.each([
    ['has answered little', listing(999, 2)],
    ['lists nothing that can be read', scrape(candidate)],
  ])('goes by its whole life when it %s', async (_, text) => {
    const { durationMs, over } = await traffic(text);
    expect(over).toBe('the time since its slot started');
    expect(durationMs).toBeGreaterThan(1_000_000);
  });
});

describe('concierge metrics', () => {
  it('are the counters of the slot that runs the build', async () => {
    const url = await serving(scrape(candidate));
    const other = { ...readySlot('production', 'http://127.0.0.1:1'), build: 'd'.repeat(64) };
    const counters = await read([other, readySlot('production', url)]);
    expect(counters).toMatchObject({
      epoch: '1000',
      sessions: { n: 80, bad: 3 },
      csat: { great: 18, needsFollowUp: 2 },
    });
    expect(counters.endpoints).toEqual({
      '/api/concierge/products': {
        requests: 100,
        errors: 4,
        latency: [
          { leMs: 300, count: 90 },
          { leMs: 450, count: 98 },
          { leMs: Number.POSITIVE_INFINITY, count: 100 },
        ],
      },
    });
  });

  it('add up two slots with the same build', async () => {
    const [one, two] = [await serving(scrape(candidate)), await serving(scrape(candidate, 2_000))];
    const blue = { ...readySlot('production', two), slot: 'blue' as const };
    const counters = await read([readySlot('production', one), blue]);
    expect(counters.epoch).toBe('1000+2000');
    expect(counters.sessions).toEqual({ n: 160, bad: 6 });
    expect(counters.endpoints['/api/concierge/products']?.latency[1]).toEqual({
      leMs: 450,
      count: 196,
    });
  });

  it('count nothing before the first request, where the metrics are declared', async () => {
    const declared = scrape(candidate)
      .split('\n')
      .filter((line) => line.startsWith('#') || /^concierge_(sessions|process)/.test(line))
      .join('\n');
    const counters = await read([readySlot('production', await serving(declared))]);
    expect(counters.endpoints).toEqual({});
    expect(counters.csat).toEqual({ great: 0, needsFollowUp: 0 });
  });

  it('are NO_DATA when no ready slot runs the build', async () => {
    const failed = { ...readySlot('production', ''), state: 'failed' as const, url: null };
    await expect(read([failed])).rejects.toMatchObject({ code: 'NO_DATA' });
  });

  it.each([
    [
      'a missing metric',
      'SERVICE_ANSWER_INVALID',
      scrape(candidate).replaceAll('_csat_', '_c_'),
      200,
    ],
    ['numbers of another build', 'SERVICE_ANSWER_INVALID', scrape('e'.repeat(64)), 200],
    ['a page that is no metrics', 'SERVICE_ANSWER_INVALID', '<html></html>', 200],
    ['an error', 'SERVICE_REFUSED', scrape(candidate), 500],
  ])('refuse %s', async (_, code, text, status) => {
    const slot = readySlot('production', await serving(text, status));
    await expect(read([slot])).rejects.toMatchObject({ code });
  });

  it('are SERVICE_UNREACHABLE when the slot is gone', async () => {
    const server = await serveText('', 200);
    await server.close();
    await expect(read([readySlot('production', server.url)])).rejects.toMatchObject({
      code: 'SERVICE_UNREACHABLE',
    });
  });

  it('tell doctor what is wrong', async () => {
    const url = await serving('nonsense');
    const health = (slots: readonly SlotStatus[]) =>
      openConciergeMetrics(driverWith('production', slots)).health(signal);
    expect(await health([])).toEqual({ ok: true, detail: 'no slot runs yet' });
    expect(await health([readySlot('production', url)])).toMatchObject({ ok: false });
    const good = readySlot('production', await serving(scrape(candidate)));
    expect(await health([good])).toMatchObject({ ok: true });
  });
});
