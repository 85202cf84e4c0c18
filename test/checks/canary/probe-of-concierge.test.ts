import { describe, expect, it, vi } from 'vitest';
import { Secret } from '../../../src/base/secret.ts';
import { probeCandidate } from '../../../src/checks/canary/probe.ts';
import { readChecklist } from '../../../src/checks/checklist.ts';
import { shippedChecklists } from '../../../src/config/shipped.ts';
import { sloSchema } from '../../../src/judge/slo.ts';
import { judge } from '../../../src/judge/verdict.ts';
import { parsePrometheus } from '../../../src/services/metrics/prometheus-text.ts';
import { scrapedCounters } from '../../../src/services/metrics/scrape.ts';
import { ask, freshSession, paths } from '../../concierge/support/ask.ts';
import { apiKey, identity, useWorld } from '../../concierge/support/world.ts';
import { edgeFor } from '../../stack/edge/helpers.ts';

const world = useWorld();
const slo = await readChecklist(shippedChecklists(), 'slo.yaml', sloSchema);
const lookUp = paths.orderStatus;

async function text(url: string): Promise<string> {
  return (await fetch(`${url}/api/metrics?format=prometheus`)).text();
}

const counters = async (url: string) =>
  scrapedCounters(parsePrometheus(await text(url)), identity.build, 0);

/** What stands in the metrics of probes, and what else of requests and sessions. */
function ofRequests(all: string) {
  // What the database did is the same work, whoever asked.
  const lines = all
    .split('\n')
    .filter((line) => /^concierge_(?!database_).*(total|bucket|count)\{/.test(line));
  const isProbe = (line: string) => line.startsWith('concierge_probe_');
  return { probes: lines.filter(isProbe), customers: lines.filter((line) => !isProbe(line)) };
}

describe('the shipped probes, at a real concierge', () => {
  it('leave no trace among its customers, and prove a guard that few of them ask', async () => {
    const { url } = await world.start();
    const sessions = [freshSession(), freshSession()];
    for (const sessionId of sessions) {
      await ask(url, lookUp, { sessionId, orderNumber: 'GG-00000' });
    }
    const before = await text(url);
    const events = world.events.collection('events');
    const eventsBefore = await events.countDocuments({});
    const samples = await probeCandidate(slo, url, {
      apiKey: new Secret(apiKey, 'test'),
      signal: new AbortController().signal,
      perLook: 90,
    });
    const n = samples['order-status-latency']?.n ?? 0;
    // On a machine that is very busy the look may end before all were asked.
    expect(n).toBeGreaterThanOrEqual(67);
    expect(samples['order-status-availability']).toEqual({ n, bad: 0, badRed: 0 });
    const after = await text(url);
    expect(ofRequests(after).customers).toEqual(ofRequests(before).customers);
    expect(ofRequests(after).probes).toEqual([
      expect.stringMatching(
        new RegExp(`^concierge_probe_requests_total\\{endpoint="${lookUp}",status="404",.* ${n}$`),
      ),
    ]);
    expect(await events.countDocuments({ sessionId: /^sess_probe_/ })).toBe(0);
    expect(await events.countDocuments({})).toBe(eventsBefore);
    const probes = { 'order-status-availability': { n, bad: 0, badRed: 0 } };
    const counts = await counters(url);
    const found = judge(slo, counts, null, { probes }).metrics.find(
      ({ metric }) => metric.id === 'order-status-availability',
    );
    expect(found).toMatchObject({ problem: null, sample: { green: { bad: 0, n: n + 2 } } });
  });

  it('are out of reach of customers: the edge takes the header from them', async () => {
    const { url } = await world.start();
    const edge = await edgeFor();
    await edge.route(url);
    const marks = ['1', 'warm-up'];
    for (const mark of marks) {
      await ask(
        edge.edge,
        lookUp,
        { sessionId: freshSession(), orderNumber: 'GG-00000' },
        { 'x-aurora-probe': mark },
      );
    }
    await vi.waitFor(async () => {
      expect((await counters(url)).endpoints[lookUp]).toMatchObject({
        requests: 2,
        sessions: { n: 2 },
      });
    });
    expect(ofRequests(await text(url)).probes).toEqual([]);
  });
});
