import type { ExitCode } from '../../base/exit-codes.ts';
import {
  type Baseline,
  measureBaseline,
  readBaseline,
  writeBaseline,
} from '../../checks/kpi-baseline.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput } from '../output.ts';
import { withSession } from '../session.ts';

function lines(baseline: Baseline): string {
  return JSON.stringify(baseline, null, 2);
}

/** `aurora kpi baseline`: measures the seven days before now and stores them. */
export async function kpiBaselineVerb(io: Io, options: RunOptions): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const baseline = await measureBaseline(
      await engine.services.database(),
      engine.clock.now(),
      engine.signal,
    );
    const path = await writeBaseline(engine.stateDirectory, baseline);
    output.document('kpi-baseline', { path, baseline });
    output.text(`${lines(baseline)}\nwritten to ${path}`);
    return 0;
  });
}

/** `aurora kpi show`: the stored baseline. */
export async function kpiShowVerb(io: Io, options: RunOptions): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const baseline = await readBaseline(engine.stateDirectory);
    output.document('kpi-baseline', { baseline });
    output.text(lines(baseline));
    return 0;
  });
}
