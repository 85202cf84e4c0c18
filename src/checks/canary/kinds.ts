import { z } from 'zod';
import { formatDuration } from '../../base/duration.ts';
import { sloSchema } from '../../judge/slo.ts';
import type { CheckResult } from '../check.ts';
import { checklistName, readChecklist } from '../checklist.ts';
import { durationText, plannedMs, scaledMs } from '../durations.ts';
import type { CheckContext, CheckKind } from '../kind.ts';
import { oneEnvironment } from '../scope.ts';
import { type WatchName, watchResults } from './results.ts';
import { watchCandidate } from './watch.ts';
import { lookData, lookText } from './words.ts';

const params = z.strictObject({
  environment: oneEnvironment,
  for: durationText.describe('How long to watch.'),
  every: durationText.describe('How often to look.'),
  extend: durationText
    .default('5 min')
    .describe('Amber at the end of the window watches on for so long, once.'),
  slo: checklistName
    .default('slo.yaml')
    .describe('File with the bands, in the directory of the checklists.'),
});
export type WatchParams = z.infer<typeof params>;

async function watch(
  p: WatchParams,
  context: CheckContext,
  name: WatchName,
  control: string | null,
): Promise<readonly CheckResult[]> {
  const { timeScale, facts, checklists, progress } = context;
  const plan = {
    environment: p.environment,
    slo: await readChecklist(checklists, p.slo, sloSchema),
    windowMs: scaledMs(p.for, timeScale),
    everyMs: scaledMs(p.every, timeScale),
    extendMs: scaledMs(p.extend, timeScale),
    control: control === facts.candidate ? null : control,
  };
  const end = await watchCandidate(plan, context, (state) =>
    progress(lookText(state), {
      ...lookData(state),
      windowMs: plan.windowMs,
      extendMs: plan.extendMs,
    }),
  );
  return watchResults(end, name);
}

const describe = (p: WatchParams) =>
  `candidate in ${p.environment} for ${formatDuration(plannedMs(p.for))} by ${p.slo}, ` +
  `up to ${formatDuration(plannedMs(p.extend))} longer while amber`;

/** Step 7: the canary, against the bands and against the stable build in the same window. */
export const canary: CheckKind<WatchParams> = {
  kind: 'canary',
  params,
  describe: (p) => `canary: ${describe(p)}`,
  run: (p, context) =>
    watch(p, context, { id: 'canary', title: 'Canary verdict' }, context.facts.stable),
};

/** Step 8: the candidate with all traffic. There is no control left to compare with. */
export const ramp: CheckKind<WatchParams> = {
  kind: 'ramp',
  params,
  describe: (p) => `after the ramp: ${describe(p)}`,
  run: (p, context) => watch(p, context, { id: 'ramp', title: 'Verdict after the ramp' }, null),
};
