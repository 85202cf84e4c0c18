import { z } from 'zod';
import { formatDuration } from '../../base/duration.ts';
import { sloSchema } from '../../judge/slo.ts';
import { checklistName, readChecklist } from '../checklist.ts';
import { durationText, plannedMs, scaledMs } from '../durations.ts';
import type { CheckContext, CheckKind } from '../kind.ts';
import { oneEnvironment } from '../scope.ts';
import type { WatchName, WatchPlan } from './plan.ts';
import { runWatch } from './run-watch.ts';
import { passedStage, rampName } from './stages.ts';

const params = z.strictObject({
  environment: oneEnvironment,
  for: durationText.describe('How long to watch.'),
  every: durationText.describe('How often to look.'),
  extend: durationText
    .default('5 min')
    .describe('Amber at the end of the window watches on for so long, once.'),
  settle: durationText
    .default('5 min')
    .describe(
      'How long sessions last that were under way when the share changed: the split is judged by ' +
        'those that begin after it.',
    ),
  requireFeasible: z
    .boolean()
    .default(false)
    .describe('Holds at once when recent traffic says that this window cannot prove every gate.'),
  slo: checklistName
    .default('slo.yaml')
    .describe('File with the bands, in the directory of the checklists.'),
});
export type WatchParams = z.infer<typeof params>;

/** With whom the candidate is compared, or why with nobody. */
function controlOf({ stable, candidate, percent }: CheckContext['facts']) {
  if (stable === null) {
    return { control: null, noControl: 'no control: first launch, judged by the bands alone' };
  }
  if (stable === candidate) {
    return { control: null, noControl: 'no control: the candidate is the stable build itself' };
  }
  if (percent !== undefined && percent >= 100) {
    return { control: null, noControl: 'no control: the candidate has all customers' };
  }
  return { control: stable, noControl: null };
}

function flagOf(environment: WatchParams['environment'], { flags, facts }: CheckContext) {
  const { percent, candidate } = facts;
  if (percent === undefined || environment !== flags.environment) return null;
  return { name: flags.canary, environment, build: candidate, percent };
}

async function planOf(
  p: WatchParams,
  context: CheckContext,
  name: WatchName,
  compared: ReturnType<typeof controlOf>,
): Promise<WatchPlan> {
  const { timeScale, facts, checklists } = context;
  const { percent = 100 } = facts;
  const rules = {
    slo: await readChecklist(checklists, p.slo, sloSchema),
    windowMs: scaledMs(p.for, timeScale),
    extendMs: scaledMs(p.extend, timeScale),
    assignmentAfterMs: scaledMs(p.settle, timeScale),
    compared: compared.control !== null,
    share: percent < 100 ? percent / 100 : null,
  };
  const { environment } = p;
  return {
    name,
    environment,
    rules,
    everyMs: scaledMs(p.every, timeScale),
    ...compared,
    flag: flagOf(environment, context),
  };
}

const describe = (p: WatchParams) =>
  `candidate in ${p.environment} for ${formatDuration(plannedMs(p.for))} by ${p.slo}, ` +
  `up to ${formatDuration(plannedMs(p.extend))} longer while amber`;

/** Step 7: the canary, against the bands and against the stable build in the same window. */
export const canary: CheckKind<WatchParams> = {
  kind: 'canary',
  params,
  describe: (p) => `canary: ${describe(p)}`,
  run: async (p, context) => {
    const name = { id: 'canary', title: 'Canary verdict' };
    return runWatch(await planOf(p, context, name, controlOf(context.facts)), context, p);
  },
};

/**
 * Step 8: the candidate with all traffic, where there is no control left to compare with; or at a
 * stage on the way there.
 */
export const ramp: CheckKind<WatchParams> = {
  kind: 'ramp',
  params,
  describe: (p) => `after the ramp: ${describe(p)}`,
  run: async (p, context) => {
    const name = rampName(context.facts);
    const passed = passedStage(context, name);
    if (passed !== null) return [passed];
    // Whoever does not know the share asks after the ramp.
    const facts = { ...context.facts, percent: context.facts.percent ?? 100 };
    return runWatch(await planOf(p, context, name, controlOf(facts)), context, p);
  },
};
