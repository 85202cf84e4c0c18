import { formatDuration } from '../../base/duration.ts';
import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { readChecklist } from '../../checks/checklist.ts';
import { foresee, type WatchedWindow } from '../../judge/feasibility.ts';
import { forecastWords } from '../../judge/feasibility-words.ts';
import { type Slo, sloSchema } from '../../judge/slo.ts';
import { formatShare } from '../../judge/words.ts';
import type { Engine } from '../../release/engine.ts';
import { stableBuild } from '../../release/run-release.ts';
import { buildLabel } from '../../report/words.ts';
import type { RecentTraffic } from '../../services/metrics/metrics.ts';
import { forecastLines } from '../../ui/forecast.ts';
import { createTheme } from '../../ui/theme.ts';
import { plannedWatch } from '../backtest/planned-watch.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput, tableWidth } from '../output.ts';
import { withSession } from '../session.ts';

/** Options of `canary forecast`; what is left out is the plan's. */
export interface CanaryForecastOptions extends RunOptions {
  /** Of all customers, above 0 and at most 100. */
  readonly percent?: number;
  /** Milliseconds. */
  readonly for?: number;
}

/** What the build that customers have now has shown of late. NO_DATA at a first launch. */
async function trafficNow({ engine }: { readonly engine: Engine }) {
  const { environment } = engine.plan.flags;
  const build = await stableBuild(engine);
  if (build === null) {
    throw new AuroraError('NO_DATA', `${environment} serves no build yet`, {
      remedy: 'A forecast needs customers: run it when the first build is live.',
    });
  }
  const metrics = await engine.services.metrics(environment);
  const query = { environment, build: build.digest };
  return { build, traffic: await metrics.traffic(query, engine.signal) };
}

/** `aurora canary forecast`: what a window at a share can and cannot prove. */
export async function canaryForecastVerb(
  io: Io,
  options: CanaryForecastOptions,
): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async (session) => {
    const { plan } = session.engine;
    const output = openOutput(io, options);
    const planned = plannedWatch(plan);
    const share = options.percent === undefined ? planned.rules.share : options.percent / 100;
    const windowMs = options.for ?? planned.rules.windowMs;
    const window = {
      windowMs,
      share: share ?? 1,
      compared: share !== null && share < 1,
      looks: Math.floor(windowMs / planned.everyMs) + 1,
    };
    const slo = await readChecklist(plan.directory, planned.slo, sloSchema);
    const { build, traffic } = await trafficNow(session);
    const forecasts = foresee(slo, traffic, window);
    output.document('canary-forecast', {
      environment: plan.flags.environment,
      build: build.digest,
      over: traffic.over,
      ...window,
      metrics: forecasts.map((one) => {
        const { metric, ...rest } = one;
        const { id, title, role } = metric;
        return { id, title, role, ...rest, words: forecastWords(one) };
      }),
    });
    output.text([
      ...headLines(window, traffic, slo, buildLabel(build)),
      '',
      ...forecastLines(forecasts, {
        theme: createTheme(output.terminal),
        ...tableWidth(output),
      }),
    ]);
    return 0;
  });
}

function headLines(
  { windowMs, share, compared }: WatchedWindow,
  { over, counts }: RecentTraffic,
  { alpha }: Slo,
  build: string,
): readonly string[] {
  const beside = compared ? 'beside a control' : 'without a control';
  return [
    `a canary of ${formatDuration(windowMs)} at ${formatShare(share)} of customers, ${beside}`,
    `as customers of ${build} came in ${over}: ${counts.sessions.n} sessions`,
    `sure means: wrong in at most ${formatShare(alpha)} of the cases`,
  ];
}
