import { systemClock } from '../../../src/base/clock.ts';
import type { EnvironmentName } from '../../../src/base/environments.ts';
import { AuroraError } from '../../../src/base/errors.ts';
import { Secret } from '../../../src/base/secret.ts';
import { openProcessDriver } from '../../../src/deploy/process-driver.ts';
import { emergencyRollback } from '../../../src/release/emergency.ts';
import type { Engine } from '../../../src/release/engine.ts';
import { openFileLeases } from '../../../src/release/file-lease-store.ts';
import { resumeRelease, startRelease } from '../../../src/release/run-release.ts';
import type { FlagState, FlagsService } from '../../../src/services/flags/flags.ts';
import { ChangeGuard } from '../../../src/services/http/change-guard.ts';
import { createDispatcher } from '../../../src/services/http/connect.ts';
import { type HttpRequest, http } from '../../../src/services/http/request.ts';
import type {
  CohortCounters,
  CohortQuery,
  MetricsService,
} from '../../../src/services/metrics/metrics.ts';
import { flagsInMemory } from '../in-memory.ts';
import { effect, flagAt, rollbackPhases, step, World } from '../world.ts';

/**
 * A process that releases, goes on with a release that another one holds, or rolls one back: the real
 * engine, driver, dispatcher and guard, over a company on loopback. It says each entry that it wrote.
 */
export interface Order {
  readonly verb: 'release' | 'resume' | 'rollback';
  readonly name: string;
  readonly release: string;
  readonly state: string;
  readonly company: string;
  /** Where slots and customers are. */
  readonly origin: string;
  readonly checklists: string;
  readonly ttlMs: number;
  /** How long the canary is watched. */
  readonly watch: string;
  /** Stops itself right behind its entry `step.ended` of step 1. */
  readonly stopsBetween: boolean;
}

const order = JSON.parse(process.argv[2] ?? '') as Order;
const say = (word: unknown) => process.stdout.write(`${JSON.stringify(word)}\n`);
const base = `${order.company}/as/${order.name}`;
const guard = new ChangeGuard();
const dispatcher = createDispatcher({}, guard);
const { signal } = new AbortController();

async function ask<T>(
  path: string,
  method: HttpRequest['method'] = 'GET',
  body: object = {},
): Promise<T> {
  const sent = method === 'GET' ? {} : { body };
  const answer = await http({ url: `${base}/${path}`, method, dispatcher, ...sent }, signal);
  return JSON.parse(answer.text) as T;
}

const health = async () => ({ ok: true, detail: 'here' });

function flagsService(): FlagsService {
  const read = (name: string, at: EnvironmentName) => ask<FlagState>(`flags/${at}/${name}`);
  const flags: Omit<FlagsService, 'prepare'> = {
    ...{ label: 'flags', health, read, seen: read },
    enable: () => Promise.reject(new Error('not here')),
    disable: (names, at) => ask(`flags/${at}/${names.join('+')}`, 'PUT'),
    setCohort: (name, at, share) => ask(`flags/${at}/${name}`, 'POST', share),
    removeCohort: (name, at) => ask(`flags/${at}/${name}`, 'DELETE'),
  };
  return { ...flags, prepare: flagsInMemory(flags) };
}

/** JSON knows no infinity. */
function whole(counters: CohortCounters): CohortCounters {
  const endpoints = Object.entries(counters.endpoints).map(([name, one]) => {
    const latency = one.latency.map(({ leMs, count }) => ({ leMs: leMs ?? Infinity, count }));
    return [name, { ...one, latency }] as const;
  });
  return { ...counters, endpoints: Object.fromEntries(endpoints) };
}

const read = async ({ build }: CohortQuery) => whole(await ask<CohortCounters>(`metrics/${build}`));
const metrics: MetricsService = {
  ...{ label: 'metrics', health, lagMs: 0, read },
  traffic: async (query) => ({
    counts: await read(query),
    durationMs: 3_600_000,
    over: 'the last hour',
  }),
};

const hold = {
  fail: 'hold',
  inconclusive: 'hold',
  error: 'hold',
  catastrophe: 'rollback',
} as const;
const production = { environment: 'production' } as const;
const watch = { ...production, for: order.watch, every: '100 ms', extend: '1 s', slo: 'slo.yaml' };
const steps = [
  step(1, [effect('start-slot', production), flagAt(0)]),
  step(2, [
    effect('route-candidate', production),
    effect('set-cohort', { ...production, percent: 5 }),
    flagAt(5),
  ]),
  step(3, [{ type: 'check', kind: 'canary', params: watch }], { ...hold, fail: 'rollback' }),
  step(4, [effect('set-cohort', { ...production, percent: 50 }), flagAt(50)]),
];

async function engineOf(): Promise<Engine> {
  const world = new World();
  world.directory = order.state;
  world.origin = order.origin;
  const driver = (at: EnvironmentName) =>
    openProcessDriver(at, {
      host: `${base}/host`,
      edge: `${base}/edge/${at}`,
      ...{ token: new Secret('token-of-a-test', 'test'), dispatcher, guard },
    });
  const services: Engine['services'] = {
    ...world.services(),
    flags: async () => flagsService(),
    driver: async (at) => driver(at),
    metrics: async () => metrics,
  };
  const leases = openFileLeases(order.state, systemClock, { ttlMs: order.ttlMs });
  const engine = world.engine(steps, rollbackPhases, {
    ...{ services, leases, changes: guard, actor: order.name },
    whenHeld:
      order.verb === 'resume'
        ? { kind: 'take-over', confirm: async () => true }
        : { kind: 'wait', withinMs: 60_000, onHeld: () => undefined },
    onEntry: ({ release, type, data }) => {
      say({ release, type });
      const between = type === 'step.ended' && 'step' in data && data.step === 1;
      if (order.stopsBetween && between) process.kill(process.pid, 'SIGSTOP');
    },
  });
  return { ...engine, plan: { ...engine.plan, directory: order.checklists } };
}

async function carryOut(engine: Engine): Promise<number> {
  const wish = { reason: 'errors', only: null };
  if (order.verb === 'rollback') return (await emergencyRollback(engine, wish, order.release)).exit;
  if (order.verb === 'resume') return (await resumeRelease(engine, order.release)).exit;
  return (await startRelease(engine, '1.4.0')).exit;
}

try {
  process.exitCode = await carryOut(await engineOf());
} catch (error) {
  if (!(error instanceof AuroraError)) throw error;
  say({ code: error.code, message: error.message });
  process.exitCode = error.exitCode;
} finally {
  await dispatcher.destroy();
}
