import { type EnvironmentName, eventEnvironment } from '../../base/environments.ts';
import { AuroraError } from '../../base/errors.ts';
import type { Slo } from '../../judge/slo.ts';
import type { Share } from '../../services/database/database.ts';
import type { LogWindow } from '../../services/logs/logs.ts';
import type { CohortCounters } from '../../services/metrics/metrics.ts';
import { plannedMs, scaledMs } from '../durations.ts';
import type { CheckContext } from '../kind.ts';
import { type Baseline, readBaseline, usableBaseline } from '../kpi-baseline.ts';
import { attempt, type Measured } from '../unmeasured.ts';
import type { PostDeployList } from './list.ts';

/** Everything step 9 looks at, each part measured or with the reason why not. */
export interface PostDeployObservation {
  readonly slo: Slo;
  readonly counters: Measured<CohortCounters>;
  /** By id of the list. */
  readonly events: ReadonlyMap<string, Measured<number>>;
  readonly shown: Measured<number>;
  readonly reserved: Measured<number>;
  readonly csat: Measured<Share>;
  readonly log: Measured<LogWindow>;
  readonly tickets: Measured<number>;
  readonly baseline: Measured<Baseline>;
}

/** The candidate's events since DEPLOY in production proper: KPIs leave out everything else. */
function eventsOf(environment: EnvironmentName, context: CheckContext) {
  const { deployedAt, candidate } = context.facts;
  if (deployedAt === undefined) {
    throw new AuroraError('RELEASE_STATE', 'this release has not reached customers yet');
  }
  return {
    environment: eventEnvironment[environment],
    since: new Date(deployedAt),
    build: candidate,
  };
}

/** Waits until enough products were shown to say something, or the time for it is over. */
export async function settle(
  list: PostDeployList,
  environment: EnvironmentName,
  context: CheckContext,
): Promise<void> {
  const { clock, signal, services, timeScale, progress } = context;
  const end = clock.now() + scaledMs(list.settle.for, timeScale);
  for (;;) {
    const shown = await attempt(signal, async () => {
      const database = await services.database();
      const filter = { ...eventsOf(environment, context), event: 'aurora_products_shown' };
      return database.countEvents(filter, signal);
    });
    const left = end - clock.now();
    if ('value' in shown) {
      const { minShown } = list.settle;
      progress(`${shown.value} of ${minShown} product lists shown by the candidate`, {
        shown: shown.value,
        needed: minShown,
        leftMs: left,
      });
      if (shown.value >= minShown) return;
    }
    if (left <= 0) return;
    await clock.sleep(Math.min(scaledMs(list.settle.every, timeScale), left), signal);
  }
}

/** Asks everything at once; a part that fails does not hide the others. */
export async function measurePostDeploy(
  list: PostDeployList,
  slo: Slo,
  environment: EnvironmentName,
  context: CheckContext,
): Promise<PostDeployObservation> {
  const { services, signal, facts, stateDirectory } = context;
  const until = new Date(context.clock.now());
  const count = (event: string) =>
    attempt(signal, async () => {
      const filter = { ...eventsOf(environment, context), until, event };
      return (await services.database()).countEvents(filter, signal);
    });
  const prefixes = list.log.paths.map((path) => path.replace(/\*$/, ''));
  const [counters, events, shown, reserved, csat, log, tickets, baseline] = await Promise.all([
    attempt(signal, async () =>
      (await services.metrics(environment)).read({ environment, build: facts.candidate }, signal),
    ),
    Promise.all(list.events.map(async ({ id, event }) => [id, await count(event)] as const)),
    count('aurora_products_shown'),
    count('aurora_capsule_reserved'),
    attempt(signal, async () =>
      (await services.database()).negativeCsat(
        { ...eventsOf(environment, context), until },
        signal,
      ),
    ),
    attempt(signal, async () => {
      const since = eventsOf(environment, context).since.getTime();
      const logs = await services.logs(environment);
      return logs.read({ environment, since, paths: prefixes, build: facts.candidate }, signal);
    }),
    attempt(signal, async () => (await services.database()).openTickets(environment, signal)),
    attempt(signal, async () => {
      const deployedAt = eventsOf(environment, context).since.getTime();
      const maxAgeMs = plannedMs(list.kpis.maxBaselineAge);
      return usableBaseline(await readBaseline(stateDirectory), deployedAt, maxAgeMs);
    }),
  ]);
  return { slo, counters, events: new Map(events), shown, reserved, csat, log, tickets, baseline };
}
