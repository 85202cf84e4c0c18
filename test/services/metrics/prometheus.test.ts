import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import { conciergeLabels, conciergeNames } from '../../../src/services/metrics/names.ts';
import {
  openPrometheusMetrics,
  type PrometheusSettings,
} from '../../../src/services/metrics/prometheus.ts';
import { type Loopback, loopback, type Reply } from '../../checks/support/loopback.ts';
import { FakeHistory } from './support/fake-history.ts';

const build = 'c'.repeat(64);
const products = '/api/concierge/products';
const query = { environment: 'production' as const, build };
const lagMs = 20_000;

let server: Loopback | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

type Answer = (parameters: URLSearchParams, path: string) => Reply | null | Promise<Reply | null>;

async function open(answer: Answer, settings: Partial<PrometheusSettings> = {}) {
  server = await loopback(({ path }) => {
    const url = new URL(path, 'http://127.0.0.1');
    return answer(url.searchParams, url.pathname);
  });
  return openPrometheusMetrics({
    url: server.url,
    timeoutMs: 2_000,
    lagMs,
    words: { names: conciergeNames, labels: conciergeLabels, environment: { env: 'production' } },
    ...settings,
  });
}

const signal = AbortSignal.timeout(15_000);
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error) => error.code,
  );

/** A history in which the build served for ten minutes, one request each 15 s. */
function servedHistory(): FakeHistory {
  const history = new FakeHistory();
  const common = { job: 'concierge', instance: 'a', build, env: 'production' };
  history.counter('concierge_http_requests_total', {
    ...common,
    endpoint: products,
    status: '200',
  });
  history.counter('concierge_http_request_duration_seconds_bucket', {
    ...common,
    endpoint: products,
    le: '+Inf',
  });
  history.counter('concierge_sessions_total', common);
  history.constant('concierge_sessions_bad_total', common, 0);
  history.constant('concierge_csat_total', { ...common, rating: 'great' }, 0);
  return history;
}

describe('what is asked', () => {
  it('selects build and environment, and ends before the lag on the clock of the server', async () => {
    const history = servedHistory();
    history.aheadMs = 3_600_000;
    const metrics = await open(history.answer);
    const since = Date.now() - 120_000;
    const counters = await metrics.read({ ...query, since }, signal);
    expect(counters.since).toBe(since);
    expect(counters.at).toBeGreaterThan(Date.now() - lagMs - 2_000);
    expect(counters.at).toBeLessThanOrEqual(Date.now() - lagMs + 50);
    // 100 s at one request each 15 s, from the scrape before to the scrape after.
    expect(counters.endpoints[products]?.requests).toBeGreaterThanOrEqual(7);
    expect(counters.endpoints[products]?.requests).toBeLessThanOrEqual(9);
    const asked = history.queries.find((one) => one.includes('__name__')) ?? '';
    expect(asked).toContain(`build="${build}"`);
    expect(asked).toContain('env="production"');
  });

  it('is never later than asked', async () => {
    const metrics = await open(servedHistory().answer);
    const until = Date.now() - 300_000;
    const counters = await metrics.read({ ...query, since: until - 60_000, until }, signal);
    expect(Math.abs(counters.at - until)).toBeLessThan(50);
    expect(counters.sessions.n).toBeLessThanOrEqual(6);
  });

  it('counts nothing while the window is younger than the lag', async () => {
    const metrics = await open(servedHistory().answer);
    const since = Date.now() - 1_000;
    const counters = await metrics.read({ ...query, since }, signal);
    expect(counters.at).toBeLessThan(since);
    expect(counters.sessions).toEqual({ n: 0, bad: 0 });
    expect(counters.endpoints[products]?.requests).toBe(0);
  });

  it('comes in pieces where the window is long', async () => {
    const history = servedHistory();
    const metrics = await open(history.answer);
    await metrics.read({ ...query, since: Date.now() - 3 * 3_600_000 }, signal);
    const ranges = history.queries.filter((one) => one.includes('__name__'));
    expect(ranges.length).toBe(4);
  });

  it('carries a token, or user and password, and never shows them', async () => {
    for (const [auth, header] of [
      [{ token: new Secret('a-token-of-a-test', 'env:T') }, 'Bearer a-token-of-a-test'],
      [
        { user: 'u', password: new Secret('a-password-of-a-test', 'env:P') },
        `Basic ${Buffer.from('u:a-password-of-a-test').toString('base64')}`,
      ],
    ] as const) {
      const metrics = await open(() => ({ status: 401, body: {} }), { auth });
      const error = await metrics.read(query, signal).catch((reason: unknown) => reason);
      expect(server?.received[0]?.headers.authorization).toBe(header);
      expect(error).toMatchObject({ code: 'SERVICE_REFUSED' });
      expect(JSON.stringify(error) + String(error)).not.toContain('of-a-test');
      await server?.close();
    }
  });

  it('keeps the path of the address', async () => {
    const history = servedHistory();
    const metrics = await open(history.answer);
    const below = openPrometheusMetrics({
      url: `${server?.url}/tenant/prometheus`,
      timeoutMs: 2_000,
      lagMs,
      words: { names: conciergeNames, labels: conciergeLabels, environment: {} },
    });
    await below.read(query, signal).catch(() => undefined);
    expect(server?.received[0]?.path).toMatch(/^\/tenant\/prometheus\/api\/v1\/query\?/);
    expect(metrics.lagMs).toBe(lagMs);
  });
});

describe('an answer that cannot be trusted is an error', () => {
  const time = servedHistory();
  /** Answers the time well, and everything else so. */
  const badly =
    (reply: Reply | null): Answer =>
    (parameters, path) =>
      parameters.get('query') === 'time()' ? time.answer(parameters, path) : reply;
  const success = (data: unknown, more: object = {}): Reply => ({
    body: { status: 'success', data, ...more },
  });

  it.each<[string, string, Reply | null]>([
    ['a refused query', 'SERVICE_REFUSED', { status: 422, body: { status: 'error', error: 'no' } }],
    ['a wrong path', 'SERVICE_REFUSED', { status: 404, body: {} }],
    ['a query that took too long', 'SERVICE_UNREACHABLE', { status: 503, body: {} }],
    ['an error inside a good status', 'SERVICE_REFUSED', { body: { status: 'error', error: 'x' } }],
    ['another JSON', 'SERVICE_ANSWER_INVALID', { body: { fine: true } }],
    [
      'a vector in place of samples',
      'SERVICE_ANSWER_INVALID',
      success({ resultType: 'vector', result: [] }),
    ],
    [
      'a partial answer',
      'SERVICE_ANSWER_INVALID',
      success({ resultType: 'matrix', result: [] }, { warnings: ['a store is away'] }),
    ],
    [
      'a value that is no number',
      'SERVICE_ANSWER_INVALID',
      success({ resultType: 'matrix', result: [{ metric: {}, values: [[1, 'NaN']] }] }),
    ],
    ['no series at all', 'NO_DATA', success({ resultType: 'matrix', result: [] })],
    ['a hang-up', 'SERVICE_UNREACHABLE', null],
  ])('%s', async (_, code, reply) => {
    const metrics = await open(badly(reply));
    expect(await codeOf(metrics.read({ ...query, since: Date.now() - 60_000 }, signal))).toBe(code);
  });

  it('and so is none within the timeout', async () => {
    const metrics = await open(() => new Promise(() => undefined), { timeoutMs: 100 });
    expect(await codeOf(metrics.read(query, signal))).toBe('SERVICE_UNREACHABLE');
  });

  it('and one whose newest sample is older than the lag allows', async () => {
    const history = servedHistory();
    history.stoppedMs = 60_000;
    const metrics = await open(history.answer);
    await expect(
      metrics.read({ ...query, since: Date.now() - 300_000 }, signal),
    ).rejects.toMatchObject({
      code: 'NO_DATA',
      message: expect.stringMatching(/newest sample .* is \d+ s old/),
      remedy: expect.stringContaining('lag'),
    });
  });
});

describe('a metric without a series', () => {
  const window = () => ({ ...query, since: Date.now() - 120_000 });

  it('is zero where it is counted for other builds', async () => {
    const history = servedHistory();
    history.forget('concierge_csat_total');
    history.counts.set('concierge_csat_total', 2);
    expect((await (await open(history.answer)).read(window(), signal)).csat).toEqual({
      great: 0,
      needsFollowUp: 0,
    });
  });

  it('is zero where a target declares it, in the words of OpenMetrics too', async () => {
    const history = servedHistory();
    history.forget('concierge_csat_total');
    history.declared.add('concierge_csat');
    const counters = await (await open(history.answer)).read(window(), signal);
    expect(counters.csat).toEqual({ great: 0, needsFollowUp: 0 });
    expect(counters.unknown).toBeUndefined();
  });

  it('is an error where nobody knows it', async () => {
    const history = servedHistory();
    history.forget('concierge_csat_total');
    await expect((await open(history.answer)).read(window(), signal)).rejects.toMatchObject({
      code: 'SERVICE_ANSWER_INVALID',
      message: expect.stringContaining('knows no concierge_csat_total'),
      remedy: expect.stringContaining('names'),
    });
  });

  it('is an error where it is not counted by build', async () => {
    const history = servedHistory();
    history.forget('concierge_csat_total');
    history.countsWithoutBuild.set('concierge_csat_total', 2);
    await expect((await open(history.answer)).read(window(), signal)).rejects.toThrow(
      /no label build/,
    );
  });

  it('is an error where it would make every session look good', async () => {
    const history = servedHistory();
    history.forget('concierge_sessions_bad_total');
    history.counts.set('concierge_sessions_bad_total', 1);
    await expect((await open(history.answer)).read(window(), signal)).rejects.toThrow(
      /no concierge_sessions_bad_total/,
    );
  });

  it('is an unknown part where the configuration says that nobody counts it', async () => {
    const history = servedHistory();
    history.forget('concierge_csat_total');
    const names = { ...conciergeNames, csat: null };
    const metrics = await open(history.answer, {
      words: { names, labels: conciergeLabels, environment: {} },
    });
    expect((await metrics.read(window(), signal)).unknown).toEqual(['csat']);
  });
});

describe('names of an own service', () => {
  const names = { ...conciergeNames, requests: 'http_requests', sessions: null, csat: null };

  it('are mapped, a class of status as well', async () => {
    const history = new FakeHistory();
    const common = { job: 'x', instance: 'a', version: build, path: '/shop' };
    history.counter('http_requests', { ...common, code: '2xx' });
    history.counter('http_requests', { ...common, code: '5xx' });
    history.counter('concierge_http_request_duration_seconds_bucket', { ...common, le: '0.30' });
    const labels = { ...conciergeLabels, build: 'version', endpoint: 'path', status: 'code' };
    const metrics = await open(history.answer, { words: { names, labels, environment: {} } });
    const counters = await metrics.read({ ...query, since: Date.now() - 120_000 }, signal);
    const shop = counters.endpoints['/shop'];
    expect(shop?.errors).toBeGreaterThan(0);
    expect(shop?.requests).toBe(2 * (shop?.errors ?? 0));
    expect(shop?.latency[0]?.leMs).toBe(300);
    expect(shop?.sessions).toBeUndefined();
    expect(counters.unknown).toEqual(['sessions', 'csat']);
  });

  it('that miss the label of the status are an error, not all good', async () => {
    const history = new FakeHistory();
    history.counter('http_requests', {
      job: 'x',
      instance: 'a',
      build,
      endpoint: '/a',
      code: '500',
    });
    history.counts.set('concierge_http_request_duration_seconds_bucket', 1);
    const metrics = await open(history.answer, {
      words: { names, labels: conciergeLabels, environment: {} },
    });
    await expect(metrics.read({ ...query, since: Date.now() - 120_000 }, signal)).rejects.toThrow(
      /without a label status/,
    );
  });
});

describe('the last hour', () => {
  it('is as long as the build has been there', async () => {
    const metrics = await open(servedHistory().answer);
    const { counts, durationMs, over } = await metrics.traffic(query, signal);
    expect(over).toBe('the last hour');
    expect(durationMs).toBe(3_600_000);
    expect(counts.sessions.n).toBeGreaterThan(230);
    const young = servedHistory();
    young.ageMs = 120_000;
    await server?.close();
    const shorter = await (await open(young.answer)).traffic(query, signal);
    expect(shorter.durationMs).toBeLessThan(120_000);
    expect(shorter.over).toContain('since its first process');
  });
});

describe('doctor', () => {
  const health = async (history: FakeHistory) => (await open(history.answer)).health(signal);

  it('is told version, clock and what is counted', async () => {
    const history = servedHistory();
    history.aheadMs = -60_000;
    for (const name of Object.values(conciergeNames)) history.counts.set(name, 2);
    history.counts.set(`${conciergeNames.durations}_bucket`, 16);
    expect(await health(history)).toEqual({
      ok: true,
      detail: 'Prometheus 2.42.0, its clock is 1 min behind; 24 series',
    });
  });

  it('is told which name nobody counts', async () => {
    const history = servedHistory();
    history.counts.set(conciergeNames.requests, 3);
    expect(await health(history)).toMatchObject({
      ok: false,
      detail: expect.stringContaining('knows no concierge_http_request_duration_seconds_bucket'),
    });
  });

  it('is not alarmed before the first build', async () => {
    const history = new FakeHistory();
    expect(await health(history)).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/no build/),
    });
  });

  it('is told what is wrong', async () => {
    const metrics = await open(() => ({ status: 403, body: {} }));
    expect(await metrics.health(signal)).toMatchObject({ ok: false, detail: 'status 403' });
  });
});
