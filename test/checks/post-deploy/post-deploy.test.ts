import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../src/checks/check.ts';
import { readChecklist } from '../../../src/checks/checklist.ts';
import type { CheckContext } from '../../../src/checks/kind.ts';
import { type Baseline, writeBaseline } from '../../../src/checks/kpi-baseline.ts';
import { postDeploySchema } from '../../../src/checks/post-deploy/list.ts';
import { postDeploy } from '../../../src/checks/post-deploy/post-deploy.ts';
import { shippedChecklists } from '../../../src/config/shipped.ts';
import type { Counts } from '../../../src/judge/counters.ts';
import type { EventFilter } from '../../../src/services/database/database.ts';
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
const baseline: Baseline = {
  format: 1,
  measuredAt: new Date(deployedAt - 3_600_000).toISOString(),
  from: new Date(deployedAt - 8 * 86_400_000).toISOString(),
  to: new Date(deployedAt - 3_600_000).toISOString(),
  capsuleConversion: { reserved: 900, shown: 3_000 },
  csatNegative: { bad: 60, n: 600 },
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
  csat: { bad: 82, n: 800 },
  tickets: 7,
  log: { requests: 9_000 },
  counts: cohort(8_000),
};

class Events extends MemoryDatabase {
  readonly asked: EventFilter[] = [];
  readonly #world: World;
  #shown = 0;

  constructor(world: World) {
    super();
    this.#world = world;
  }

  override async countEvents(filter: EventFilter) {
    this.asked.push(filter);
    if (filter.event === 'aurora_capsule_reserved') return this.#world.reserved;
    this.#shown += 1;
    return this.#world.shown(this.#shown);
  }

  override async negativeCsat() {
    return this.#world.csat;
  }

  override async openTickets() {
    return this.#world.tickets;
  }
}

const facts = { candidate, stable, slots: { production: 'green' as const }, deployedAt };

async function ask(change: Partial<World> = {}, given: Partial<CheckContext> = {}) {
  const world = { ...healthy, ...change };
  const clock = new TurnedClock(deployedAt + 60_000);
  const database = new Events(world);
  const logs = logsFrom(() => world.log);
  const services = someServices({
    database: async () => database,
    logs: async () => logs,
    metrics: async () => metricsFrom(() => reading(world.counts)),
  });
  const context = contextWith({ clock, services, facts, stateDirectory: state, ...given });
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
        since: new Date(deployedAt),
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
    expect(find('kpi/csat')).toMatchObject({ status: 'fail' });
    expect(find('negative-csat')).toMatchObject({ status: 'fail' });
  });

  it('holds when more than 40 % of few answers are negative, and when nobody answered', async () => {
    const few = await ask({ csat: { bad: 14, n: 32 } });
    expect(few.find('negative-csat')).toMatchObject({ status: 'inconclusive' });
    const none = await ask({ csat: { bad: 0, n: 0 } });
    expect(none.find('negative-csat')).toMatchObject({ status: 'inconclusive', n: 0 });
    expect(none.find('kpi/csat')).toMatchObject({ status: 'inconclusive', n: 0 });
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

  it('waits for enough samples, and not longer', async () => {
    const { clock } = await ask({ shown: (asked) => asked * 1_000 });
    expect(clock.slept).toEqual([15_000, 15_000]);
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

  it('refuses a baseline that reaches into the release', async () => {
    const { find } = await ask({}, { facts: { ...facts, deployedAt: deployedAt - 7_200_000 } });
    expect(find('kpi/csat')).toMatchObject({ status: 'error' });
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

describe('shipped post-deploy list', () => {
  it('holds the queries of the plan word for word', async () => {
    const list = await readChecklist(shippedChecklists(), 'post-deploy.yaml', postDeploySchema);
    expect(list.events[0]?.query).toBe(
      "SELECT COUNT(*) FROM aurora.events WHERE event='aurora_products_shown' AND timestamp>DEPLOY",
    );
    expect(list.negativeCsat.query).toBe(
      "SELECT AVG(rating='needs_follow_up') FROM aurora.events WHERE event='aurora_csat_submitted' AND timestamp>DEPLOY",
    );
    expect(list.log.query).toBe('http.status>=500 path:/api/concierge/*');
  });

  it('refuses unknown keys and limits that contradict each other', async () => {
    const list = await readChecklist(shippedChecklists(), 'post-deploy.yaml', postDeploySchema);
    const parse = (given: object) => postDeploySchema.safeParse({ ...list, ...given }).success;
    expect(parse({})).toBe(true);
    expect(parse({ extra: 1 })).toBe(false);
    expect(parse({ kpis: { ...list.kpis, healthyWithin: 0.3 } })).toBe(false);
  });
});
