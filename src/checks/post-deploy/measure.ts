import { type EnvironmentName, eventEnvironment } from '../../base/environments.ts';
import { AuroraError } from '../../base/errors.ts';
import type { Sample } from '../../judge/band-test.ts';
import type { Counts } from '../../judge/counters.ts';
import type { Slo } from '../../judge/slo.ts';
import type { PipelineStage } from '../../services/database/database.ts';
import type { LogWindow } from '../../services/logs/logs.ts';
import { plannedMs, scaledMs } from '../durations.ts';
import type { CheckContext } from '../kind.ts';
import { type Baseline, readBaseline, usableBaseline } from '../kpi-baseline.ts';
import { attempt, type Measured } from '../unmeasured.ts';
import { type KpiSample, kpiSample } from './kpi-sample.ts';
import { type KpiName, kpiNames, type PostDeployList } from './list.ts';
import { fillPipeline, type PipelineValues } from './pipeline.ts';
import { answerOf, shapesOf, shareOf } from './rows.ts';
import { countsSinceRamp } from './slo-counts.ts';

/** Everything step 9 looks at, each part measured or with the reason why not. */
export interface PostDeployObservation {
  readonly slo: Slo;
  readonly counts: Measured<Counts>;
  /** By id of the list. */
  readonly events: ReadonlyMap<string, Measured<number>>;
  readonly csat: Measured<Sample>;
  readonly kpis: Readonly<Record<KpiName, Measured<KpiSample>>>;
  readonly log: Measured<LogWindow>;
  readonly tickets: Measured<number>;
  readonly baseline: Measured<Baseline>;
}

/** The plan's DEPLOY. RELEASE_STATE before the flag flip. */
function deployOf({ facts }: CheckContext): number {
  if (facts.deployedAt !== undefined) return facts.deployedAt;
  throw new AuroraError('RELEASE_STATE', 'this release has not reached customers yet');
}

/** The candidate's events since DEPLOY in production proper: KPIs leave out everything else. */
function valuesOf(environment: EnvironmentName, context: CheckContext): PipelineValues {
  return {
    deploy: new Date(deployOf(context)),
    now: new Date(context.clock.now()),
    environment: eventEnvironment[environment],
    build: context.facts.candidate,
  };
}

/** Asks a question of the list; all answers of one call end at the same moment. */
function asker(environment: EnvironmentName, context: CheckContext) {
  const { signal, services } = context;
  const values = attempt(signal, async () => valuesOf(environment, context));
  return <T>(
    pipeline: readonly PipelineStage[],
    read: (rows: readonly Readonly<Record<string, unknown>>[]) => T,
  ): Promise<Measured<T>> =>
    attempt(signal, async () => {
      const filled = await values;
      if ('error' in filled) throw filled.error;
      const database = await services.database();
      return read(await database.aggregateEvents(fillPipeline(pipeline, filled.value), signal));
    });
}

type MeasuredKpis = PostDeployObservation['kpis'];

async function measureKpis(
  list: PostDeployList,
  ask: ReturnType<typeof asker>,
): Promise<MeasuredKpis> {
  const one = (name: KpiName) => ask(list.kpis[name].pipeline, (rows) => kpiSample(shapesOf(rows)));
  const [capsuleConversion, negativeCsat] = await Promise.all(kpiNames.map(one));
  const none = { error: new Error('not asked') };
  return { capsuleConversion: capsuleConversion ?? none, negativeCsat: negativeCsat ?? none };
}

/**
 * Waits until there is enough to judge each KPI by, or the time for it is over. Returns what it saw
 * last: these are the largest questions of all, and a database that customers wait for answers them once.
 */
export async function settle(
  list: PostDeployList,
  environment: EnvironmentName,
  context: CheckContext,
): Promise<MeasuredKpis> {
  const { clock, signal, timeScale, progress } = context;
  const end = clock.now() + scaledMs(list.settle.for, timeScale);
  for (;;) {
    const seen = await measureKpis(list, asker(environment, context));
    const left = end - clock.now();
    const counts = kpiNames.flatMap((name) => {
      const sample = seen[name];
      return 'error' in sample ? [] : [{ name, n: sample.value.n, of: list.kpis[name].waitFor }];
    });
    if (counts.length > 0) {
      const words = counts.map(({ name, n, of }) => `${n} of ${of} for ${list.kpis[name].title}`);
      progress(words.join(', '), { counts, leftMs: left });
    }
    if (counts.length === kpiNames.length && counts.every(({ n, of }) => n >= of)) return seen;
    if (left <= 0) return seen;
    await clock.sleep(Math.min(scaledMs(list.settle.every, timeScale), left), signal);
  }
}

/** Asks everything else at once; a part that fails does not hide the others. */
export async function measurePostDeploy(
  list: PostDeployList,
  { slo, kpis }: Pick<PostDeployObservation, 'slo' | 'kpis'>,
  environment: EnvironmentName,
  context: CheckContext,
): Promise<PostDeployObservation> {
  const { services, signal, facts, stateDirectory, clock } = context;
  const ask = asker(environment, context);
  const until = clock.now();
  const paths = list.log.paths.map((path) => path.replace(/\*$/, ''));
  const [counts, events, csat, log, tickets, baseline] = await Promise.all([
    attempt(signal, () => countsSinceRamp(environment, context)),
    Promise.all(
      list.events.map(async ({ id, pipeline }) => [id, await ask(pipeline, answerOf)] as const),
    ),
    ask(list.negativeCsat.pipeline, shareOf),
    attempt(signal, async () => {
      const window = { environment, since: deployOf(context), until, paths };
      const logs = await services.logs(environment);
      return logs.read({ ...window, build: facts.candidate, limit: list.log.shown }, signal);
    }),
    attempt(signal, async () => (await services.database()).openTickets(environment, signal)),
    attempt(signal, async () =>
      usableBaseline(await readBaseline(stateDirectory), {
        deployedAt: deployOf(context),
        maxAgeMs: plannedMs(list.kpis.maxBaselineAge),
        kpis: list.kpis,
      }),
    ),
  ]);
  return { slo, counts, events: new Map(events), csat, kpis, log, tickets, baseline };
}
