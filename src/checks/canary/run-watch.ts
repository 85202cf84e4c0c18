import type { CheckResult } from '../check.ts';
import type { CheckContext } from '../kind.ts';
import { readingsBefore } from './earlier.ts';
import { type Forecast, forecastData, forecastText, foreseeWatch, unprovable } from './forecast.ts';
import { lookData } from './look-data.ts';
import type { WatchPlan } from './plan.ts';
import { aboutOf, watchResults } from './results.ts';
import { watchCandidate } from './watch.ts';
import { lookText } from './words.ts';

/** Foresees the watch and says so, unless it goes on and has said it. */
async function sayAhead(plan: WatchPlan, context: CheckContext): Promise<Forecast | null> {
  const { progress, facts } = context;
  const before = readingsBefore(context, plan.name.id).length;
  const foreseen = await foreseeWatch(plan, context);
  const forecast = 'forecast' in foreseen ? foreseen.forecast : null;
  if (before > 0) {
    progress(`goes on with a watch that broke off, with the evidence of ${before} looks`);
  } else if (forecast !== null) {
    progress(forecastText(forecast), { watch: plan.name.id, ...forecastData(forecast) });
  } else if ('problem' in foreseen && facts.stable !== null) {
    progress(`nothing is foreseen: ${foreseen.problem}`);
  }
  if (plan.noControl !== null) progress(plan.noControl);
  return forecast;
}

/** The one result of a watch that was not begun, since it could not have been green. */
function notBegun(plan: WatchPlan, forecast: Forecast): CheckResult {
  return {
    ...aboutOf(plan),
    status: 'inconclusive',
    observed: `not begun: this window ${forecastText(forecast)}`,
    band: 'amber',
    remedy:
      'Watch longer or at a larger share, or leave `requireFeasible` out to watch all the same.',
    evidence: { watch: plan.name.id, ...forecastData(forecast) },
  };
}

/** Foresees, watches and judges: the results of one watch. */
export async function runWatch(
  plan: WatchPlan,
  context: CheckContext,
  options: { readonly requireFeasible: boolean },
): Promise<readonly CheckResult[]> {
  const forecast = await sayAhead(plan, context);
  if (options.requireFeasible && forecast !== null && unprovable(forecast).length > 0) {
    return [notBegun(plan, forecast)];
  }
  const end = await watchCandidate(plan, context, (state, { reading, probeProblem }) =>
    context.progress(lookText(state, probeProblem), lookData(state, plan, reading)),
  );
  return watchResults(end, plan, forecast);
}
