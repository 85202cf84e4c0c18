import type { ExitCode } from '../../base/exit-codes.ts';
import { readChecklist } from '../../checks/checklist.ts';
import {
  type Baseline,
  measureBaseline,
  readBaseline,
  writeBaseline,
} from '../../checks/kpi-baseline.ts';
import { type PostDeployList, postDeploySchema } from '../../checks/post-deploy/list.ts';
import type { Engine } from '../../release/engine.ts';
import { baselineLines } from '../../ui/baseline.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput, tableWidth } from '../output.ts';
import { withSession } from '../session.ts';
import { refuseOpenCandidate } from './kpi-candidate.ts';

/** Options of `kpi baseline`. */
export interface BaselineOptions extends RunOptions {
  /** End of the seven days, milliseconds since the epoch; now when left out. */
  readonly until?: number;
}

/** The KPIs as the plan's own list defines them. */
async function kpisOf({ plan }: Engine): Promise<PostDeployList['kpis']> {
  return (await readChecklist(plan.directory, 'post-deploy.yaml', postDeploySchema)).kpis;
}

async function measure(engine: Engine, until: number | undefined): Promise<Baseline> {
  const question = {
    kpis: await kpisOf(engine),
    now: engine.clock.now(),
    ...(until === undefined ? {} : { until }),
  };
  return measureBaseline(await engine.services.database(), question, engine.signal);
}

/** `aurora kpi baseline`: measures seven days and stores them. */
export async function kpiBaselineVerb(io: Io, options: BaselineOptions): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const baseline = await measure(engine, options.until);
    await refuseOpenCandidate(baseline, engine.store);
    const path = await writeBaseline(engine.stateDirectory, baseline);
    output.document('kpi-baseline', { path, baseline });
    output.text([...baselineLines(baseline, tableWidth(output)), '', `Written to ${path}`]);
    return 0;
  });
}

/** `aurora kpi show`: the stored baseline. */
export async function kpiShowVerb(io: Io, options: RunOptions): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const baseline = await readBaseline(engine.stateDirectory);
    output.document('kpi-baseline', { baseline });
    output.text(baselineLines(baseline, tableWidth(output)));
    return 0;
  });
}
