import { afterEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import { type ProbeOptions, probeCandidate } from '../../../src/checks/canary/probe.ts';
import { type Slo, sloSchema } from '../../../src/judge/slo.ts';
import { type Loopback, loopback, type Received, type Reply } from '../support/loopback.ts';

const endpoint = '/api/concierge/orders/status';
const probe = { perLook: 3, body: { orderNumber: 'GG-PROBE-0' } };
const of = { endpoint, role: 'guard', minSamples: 20, noData: 'no-traffic', unit: 'session' };

function policy(given: object = { probe }, lines = { green: 2_000, red: 4_000 }): Slo {
  return sloSchema.parse({
    version: 1,
    alpha: 0.05,
    catastrophe: { minRequests: 20, errorShare: 0.5 },
    metrics: [
      {
        id: 'errors',
        title: 'Errors',
        role: 'gate',
        measure: 'session-errors',
        green: 0.005,
        minSamples: 100,
        noData: 'broken',
      },
      { ...of, id: 'latency', title: 'Latency', measure: 'latency', ...lines, ...given },
      { ...of, id: 'up', title: 'Up', measure: 'availability', green: 0.99, ...given },
    ],
  });
}

const apiKey = new Secret('probe-test-key-0123456789', 'test');
const never = new AbortController().signal;
const closing: Loopback[] = [];
afterEach(async () => {
  for (const server of closing.splice(0)) await server.close();
});

/** A slot that answers its health, and probes with what is given. */
async function slot(answer: (request: Received) => Reply | null | Promise<Reply | null>) {
  const server = await loopback((request) =>
    request.path === endpoint ? answer(request) : { status: 200 },
  );
  closing.push(server);
  return { ...server, probes: () => server.received.filter(({ path }) => path === endpoint) };
}

async function probed(url: string, given: Partial<ProbeOptions> = {}, slo = policy()) {
  const unsent: { ids: readonly string[]; reason: string }[] = [];
  const onUnsent = (ids: readonly string[], reason: string) => unsent.push({ ids, reason });
  const samples = await probeCandidate(slo, url, { apiKey, signal: never, onUnsent, ...given });
  return { samples, unsent };
}

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('probes', () => {
  it('are marked, have the key and a session of their own, and serve all metrics that ask the same', async () => {
    const candidate = await slot(() => ({ status: 404 }));
    const { samples, unsent } = await probed(candidate.url);
    expect(samples).toEqual({
      latency: { n: 3, bad: 0, badRed: 0 },
      up: { n: 3, bad: 0, badRed: 0 },
    });
    expect(unsent).toEqual([]);
    const sent = candidate.probes();
    expect(sent).toHaveLength(3);
    expect(sent[0]?.headers).toMatchObject({
      'x-aurora-probe': '1',
      authorization: `Bearer ${apiKey.reveal()}`,
    });
    const sessions = sent.map(({ headers, body }) => {
      expect(body).toEqual({ orderNumber: 'GG-PROBE-0', sessionId: headers['x-session-id'] });
      return body.sessionId;
    });
    expect(new Set(sessions).size).toBe(3);
    for (const session of sessions) expect(session).toMatch(/^sess_probe_[0-9a-f]{16}$/);
  });

  it('are slow by the line that their time passed', async () => {
    const waits = [0, 250, 550];
    const candidate = await slot(async () => {
      await later(waits.shift() ?? 0);
      return { status: 200 };
    });
    const strict = policy({ probe }, { green: 200, red: 500 });
    const { samples } = await probed(candidate.url, {}, strict);
    expect(samples.latency).toEqual({ n: 3, bad: 2, badRed: 1 });
    expect(samples.up).toEqual({ n: 3, bad: 0, badRed: 0 });
  });

  it('are bad when answered with a 5xx, or cut off, but not slow for that', async () => {
    const candidate = await slot(() => ({ status: 503 }));
    expect((await probed(candidate.url)).samples).toEqual({
      latency: { n: 3, bad: 0, badRed: 0 },
      up: { n: 3, bad: 3, badRed: 3 },
    });
    const cutting = await slot(() => null);
    expect((await probed(cutting.url)).samples.up).toEqual({ n: 3, bad: 3, badRed: 3 });
  });

  it('are slow and bad when no answer comes, and do not keep a look waiting', async () => {
    const candidate = await slot(() => new Promise<null>(() => undefined));
    const begun = performance.now();
    const { samples } = await probed(candidate.url, { patienceMs: 150 });
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(samples).toEqual({
      latency: { n: 1, bad: 1, badRed: 1 },
      up: { n: 1, bad: 1, badRed: 1 },
    });
  });

  it('are no samples when they cannot be sent, or the key is refused: with a reason', async () => {
    const gone = await slot(() => ({ status: 200 }));
    await gone.close();
    const away = await probed(gone.url);
    expect(away.samples).toEqual({});
    expect(away.unsent).toHaveLength(3);
    expect(away.unsent[0]).toMatchObject({
      ids: ['latency', 'up'],
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    const strict = await slot(({ headers }) => ({ status: headers.authorization ? 200 : 401 }));
    const keyless = await probed(strict.url, { apiKey: undefined, perLook: 1 });
    expect(keyless.samples).toEqual({});
    expect(keyless.unsent.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('the key was refused (401)'),
    ]);
    expect(JSON.stringify(keyless)).not.toContain(apiKey.reveal());
  });

  it('are not sent for a policy that asks for none', async () => {
    const candidate = await slot(() => ({ status: 200 }));
    expect((await probed(candidate.url, {}, policy({}))).samples).toEqual({});
    expect(candidate.received).toHaveLength(0);
  });

  it('ask each question as often as its metrics want', async () => {
    const slo = policy();
    const [errors, latency, up] = slo.metrics;
    const more = { ...up, probe: { ...probe, perLook: 5 } };
    const candidate = await slot(() => ({ status: 200 }));
    const uneven = sloSchema.parse({ ...slo, metrics: [errors, latency, more] });
    const { samples } = await probed(candidate.url, {}, uneven);
    expect([samples.latency?.n, samples.up?.n]).toEqual([3, 5]);
    expect(candidate.probes()).toHaveLength(5);
  });

  it('end with the watch that asked for them', async () => {
    const ending = new AbortController();
    const candidate = await slot(() => {
      ending.abort(new Error('the watch has ended'));
      return new Promise<null>(() => undefined);
    });
    await expect(probed(candidate.url, { signal: ending.signal })).rejects.toThrow(
      'the watch has ended',
    );
  });
});
