import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/checks/check.ts';
import { readChecklist } from '../../../src/checks/checklist.ts';
import type { CheckContext, JournaledLook } from '../../../src/checks/kind.ts';
import { type Baseline, definitionsOf, writeBaseline } from '../../../src/checks/kpi-baseline.ts';
import { postDeploySchema } from '../../../src/checks/post-deploy/list.ts';
import { postDeploy } from '../../../src/checks/post-deploy/post-deploy.ts';
import { shippedChecklists } from '../../../src/config/shipped.ts';
import { addCounts, type Counts } from '../../../src/judge/counters.ts';
import { packReading } from '../../../src/judge/recording.ts';
import type { EventRow, PipelineStage } from '../../../src/services/database/database.ts';
import type { LogWindow } from '../../../src/services/logs/logs.ts';
import { cohort, reading } from '../../judge/counts.ts';
import { candidate, contextWith, someServices, stable } from '../support/context.ts';
import { MemoryDatabase } from '../support/memory.ts';
import {
  failedRequest,
  logsFrom,
  metricsFrom,
  TurnedClock,
  unreachable,
} from '../support/watching.ts';

const deployedAt = 1_760_000_000_000;
const list = await readChecklist(shippedChecklists(), 'post-deploy.yaml', postDeploySchema);

const single = (hits: number, n: number) => ({ hits, n, sessions: n, effect: 1 });
const baseline: Baseline = {
  format: 2,
  measuredAt: new Date(deployedAt - 3_600_000).toISOString(),
  from: new Date(deployedAt - 8 * 86_400_000).toISOString(),
  to: new Date(deployedAt - 3_600_000).toISOString(),
  definitions: definitionsOf(list.kpis),
  builds: [{ build: stable, events: 4_500 }],
  kpis: { capsuleConversion: single(900, 3_000), negativeCsat: single(60, 600) },
};

let state: string;
let empty: string;
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'aurora-post-'));
  empty = await mkdtemp(join(tmpdir(), 'aurora-post-'));
  await writeBaseline(state, baseline);
});
afterAll(async () => {
  await rm(state, { recursive: true });
  await rm(empty, { recursive: true });
});

interface World {
  readonly shown: (asked: number) => number;
  readonly reserved: number;
  readonly csat: { readonly bad: number; readonly n: number };
  readonly tickets: number;
  readonly log: Partial<LogWindow>;
  readonly counts: Counts;
}

const healthy: World = {
  shown: () => 4_000,
  reserved: 1_190,
  csat: { bad: 165, n: 1_600 },
  tickets: 7,
  log: { requests: 9_000 },
  counts: cohort(8_000),
};

/** Sessions with one chance each, of which some took it. */
function sessions(hits: number, n: number): EventRow[] {
  return [
    { _id: { n: 1, hits: 1 }, sessions: hits },
    { _id: { n: 1, hits: 0 }, sessions: n - hits },
  ];
}

class Events extends MemoryDatabase {
  readonly asked: Readonly<Record<string, unknown>>[] = [];
  readonly #world: World;
  #settles = 0;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override async aggregateEvents(pipeline: readonly PipelineStage[]) {
    const match = pipeline[0]?.$match as Readonly<Record<string, unknown>>;
    this.asked.push(match);
    const { reserved, csat } = this.#world;
    switch (match.event) {
      case 'aurora_products_shown':
        return [{ answer: this.#world.shown(this.#settles) }];
      case 'aurora_capsule_reserved':
        return [{ answer: reserved }];
      case 'aurora_csat_submitted':
        return pipeline.length === 2 ? [{ _id: null, ...csat }] : sessions(csat.bad, csat.n);
      default:
        this.#settles += 1;
        return sessions(reserved, this.#world.shown(this.#settles));
    }
  }

  override async openTickets() {
    return this.#world.tickets;
  }
}

const rampedAt = deployedAt + 30_000;
const facts = { candidate, stable, slots: { production: 'green' as const }, deployedAt, rampedAt };

/** What the ramp's watch wrote down at its first look, of a process that had counted before. */
const canaryCounts = cohort(1_000, { bad: 40 });
const rampLook: JournaledLook = {
  step: 8,
  at: rampedAt,
  interrupted: false,
  data: {
    watch: 'ramp',
    reading: packReading({
      at: rampedAt,
      elapsedMs: 0,
      candidate: reading(canaryCounts),
      control: null,
    }),
  },
};

async function ask(change: Partial<World> = {}, given: Partial<CheckContext> = {}) {
  const world = { ...healthy, ...change };
  const clock = new TurnedClock(deployedAt + 60_000);
  const database = new Events(world);
  const logs = logsFrom(() => world.log);
  const services = someServices({
    database: async () => database,
    logs: async () => logs,
    metrics: async () => metricsFrom(() => reading(addCounts(canaryCounts, world.counts))),
  });
  const looks = () => [rampLook];
  const context = contextWith({ clock, services, facts, looks, stateDirectory: state, ...given });
  const params = postDeploy.params.parse({ environment: 'production' });
  const results = await postDeploy.run(params, context);
  const find = (id: string): CheckResult | undefined =>
    results.find((one) => one.id === `post-deploy/${id}`);
  return { results, find, clock, database };
}

describe('post-deploy gate', () => {
  it('passes when everything is as before', async () => {
    const { results } = await ask();
    expect(results.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(new Set(results.map(({ id }) => id)).size).toBe(results.length);
    expect(results).toHaveLength(16);
  });

  it("asks for the candidate's events since DEPLOY, in production proper", async () => {
    const { database } = await ask();
    for (const asked of database.asked) {
      expect(asked).toMatchObject({
        environment: 'prod',
        build: candidate,
        timestamp: { $gt: new Date(deployedAt), $lte: new Date(deployedAt + 60_000) },
      });
    }
  });

  it('fails when the capsule conversion has provenly dropped by more than 20 %', async () => {
    const { find } = await ask({ reserved: 600 });
    expect(find('kpi/capsule-conversion')).toMatchObject({ status: 'fail', n: 4_000 });
  });

  it('holds at a drop of 10 to 20 %', async () => {
    const { find } = await ask({ reserved: 1_020 });
    expect(find('kpi/capsule-conversion')).toMatchObject({ status: 'inconclusive' });
  });

  it('fails when customers are provenly unhappier, and when most are', async () => {
    const { find } = await ask({ csat: { bad: 400, n: 800 } });
    expect(find('kpi/negative-csat')).toMatchObject({ status: 'fail' });
    expect(find('negative-csat')).toMatchObject({ status: 'fail' });
  });

  it('holds when more than 40 % of few answers are negative, and when nobody answered', async () => {
    const few = await ask({ csat: { bad: 14, n: 32 } });
    expect(few.find('negative-csat')).toMatchObject({ status: 'inconclusive' });
    const none = await ask({ csat: { bad: 0, n: 0 } });
    expect(none.find('negative-csat')).toMatchObject({ status: 'inconclusive', n: 0 });
    expect(none.find('kpi/negative-csat')).toMatchObject({ status: 'inconclusive', n: 0 });
  });

  it('holds on a single 5xx and names the request', async () => {
    const log = { requests: 9_000, errors: 1, errorEntries: [failedRequest('req_7')] };
    const { find } = await ask({ log });
    expect(find('log')).toMatchObject({ status: 'inconclusive', requestIds: ['req_7'] });
  });

  it('does not take a log in which nothing was asked for an empty answer', async () => {
    const { find } = await ask({ log: {} });
    expect(find('log')).toMatchObject({ status: 'inconclusive', n: 0 });
  });

  it('holds at 20 open tickets, passes at 19', async () => {
    expect((await ask({ tickets: 20 })).find('open-tickets')?.status).toBe('inconclusive');
    expect((await ask({ tickets: 19 })).find('open-tickets')?.status).toBe('pass');
  });

  it('fails when an SLO is provenly broken at 100 %', async () => {
    const { find } = await ask({ counts: cohort(8_000, { slow: 2_000 }) });
    expect(find('slo/products-latency')).toMatchObject({ status: 'fail', band: 'red' });
  });

  it('lists so many request ids at most, and the number of all', async () => {
    const errorEntries = Array.from({ length: 50 }, (_, n) => failedRequest(`req_${n}`));
    const { find } = await ask({ log: { requests: 9_000, errors: 731, errorEntries } });
    expect(find('log')?.requestIds).toHaveLength(20);
    expect(find('log')?.observed).toBe(
      '731 5xx of 9000 requests (/api/concierge/products 20, the first 20 listed)',
    );
  });

  it('waits for enough samples of each KPI, and not longer', async () => {
    const reserved = 0;
    expect((await ask({ reserved, shown: (n) => n * 1_000 })).clock.slept).toEqual([
      15_000, 15_000,
    ]);
    const few = await ask({ csat: { bad: 100, n: 1_000 } }, { timeScale: 60 });
    expect(few.clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(15_000);
    expect(few.find('kpi/negative-csat')).toMatchObject({ status: 'pass', n: 1_000 });
  });

  it('asks with what there is once the time to settle is over', async () => {
    const { clock, find } = await ask({ shown: () => 0, reserved: 0 }, { timeScale: 60 });
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(15_000);
    expect(find('products-shown')).toMatchObject({ status: 'inconclusive', n: 0 });
    expect(find('kpi/capsule-conversion')).toMatchObject({ status: 'inconclusive' });
  });
});

describe('post-deploy gate that cannot measure', () => {
  it('says so without a baseline, with the command that makes one', async () => {
    const { find } = await ask({}, { stateDirectory: empty });
    expect(find('kpi/capsule-conversion')).toMatchObject({
      status: 'error',
      remedy: expect.stringContaining('aurora kpi baseline'),
    });
    expect(find('products-shown')).toMatchObject({ status: 'pass' });
  });

  it('refuses a baseline that other pipelines measured', async () => {
    const other = await mkdtemp(join(tmpdir(), 'aurora-post-'));
    await writeBaseline(other, { ...baseline, definitions: '0'.repeat(64) });
    const { find } = await ask({}, { stateDirectory: other });
    await rm(other, { recursive: true });
    expect(find('kpi/negative-csat')).toMatchObject({
      status: 'error',
      observed: expect.stringContaining('other definitions'),
    });
  });

  it('takes a pipeline that answers something else for an error, never for zero', async () => {
    class Odd extends MemoryDatabase {
      override async aggregateEvents() {
        return [{ total: 5 }];
      }
    }
    const services = someServices({ database: async () => new Odd() });
    const { find } = await ask({}, { services, timeScale: 600 });
    expect(find('products-shown')).toMatchObject({
      status: 'error',
      observed: expect.stringContaining('does not answer with { answer }'),
    });
    expect(find('kpi/capsule-conversion')).toMatchObject({ status: 'error' });
  });

  it('refuses a baseline that reaches into the release', async () => {
    const { find } = await ask({}, { facts: { ...facts, deployedAt: deployedAt - 7_200_000 } });
    expect(find('kpi/negative-csat')).toMatchObject({ status: 'error' });
  });

  it('keeps the answers of the services that work', async () => {
    const away = someServices({
      metrics: async () => {
        throw unreachable();
      },
    });
    const { results, find } = await ask({}, { services: away });
    expect(results.every(({ status }) => status === 'error')).toBe(true);
    expect(find('slo')).toMatchObject({ observed: expect.stringContaining('no answer') });
  });

  it('is an error before DEPLOY', async () => {
    const { deployedAt: _, ...before } = facts;
    const { find } = await ask({}, { facts: before });
    expect(find('products-shown')).toMatchObject({ status: 'error' });
  });
});

describe('SLOs at 100 %', () => {
  const since = { ...reading(cohort(8_000)), since: rampedAt };

  it('name what the plan names, with the request rate beside the sessions', async () => {
    const { find } = await ask();
    expect(find('slo/errors')?.title).toBe('5xx < 0.5 %: Error rate');
    expect(find('slo/errors')?.observed).toContain('requests since the ramp');
    expect(find('slo/products-latency')?.title).toMatch(/^p95 < SLO: Latency of products/);
  });

  it('are counted from the ramp on by a source with history', async () => {
    const asked: (number | undefined)[] = [];
    const metrics = metricsFrom(() => since);
    const services = someServices({
      metrics: async () => ({
        ...metrics,
        read: async (query, signal) => {
          asked.push(query.since);
          return metrics.read(query, signal);
        },
      }),
    });
    const { find } = await ask({}, { services });
    expect(asked).toEqual([rampedAt]);
    expect(find('slo/errors')).toMatchObject({ status: 'pass' });
  });

  it('leave out what the process had counted before the ramp', async () => {
    const { find } = await ask({ counts: cohort(8_000) });
    expect(find('slo/errors')).toMatchObject({ status: 'pass', n: 8_000 });
  });

  it('are an error when nobody wrote down what was counted before the ramp', async () => {
    const { find } = await ask({}, { looks: () => [] });
    expect(find('slo')).toMatchObject({ status: 'error' });
  });

  it('are an error before the ramp', async () => {
    const { rampedAt: _, ...before } = facts;
    const { find } = await ask({}, { facts: before });
    expect(find('slo')).toMatchObject({ status: 'error' });
  });
});

describe('shipped post-deploy list', () => {
  it('holds the queries of the plan word for word', async () => {
    expect(list.events[0]?.query).toBe(
      "SELECT COUNT(*) FROM aurora.events WHERE event='aurora_products_shown' AND timestamp>DEPLOY",
    );
    expect(list.negativeCsat.query).toBe(
      "SELECT AVG(rating='needs_follow_up') FROM aurora.events WHERE event='aurora_csat_submitted' AND timestamp>DEPLOY",
    );
    expect(list.log.query).toBe('http.status>=500 path:/api/concierge/*');
  });

  it('refuses unknown keys and limits that contradict each other', async () => {
    const parse = (given: object) => postDeploySchema.safeParse({ ...list, ...given }).success;
    expect(parse({})).toBe(true);
    expect(parse({ extra: 1 })).toBe(false);
    expect(parse({ kpis: { ...list.kpis, healthyWithin: 0.3 } })).toBe(false);
  });
});
