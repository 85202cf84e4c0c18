import { setMaxListeners } from 'node:events';
import { z } from 'zod';
import type { CheckResult } from '../check.ts';
import { checklistName } from '../checklist.ts';
import type { CheckContext, CheckKind } from '../kind.ts';
import { oneEnvironment } from '../scope.ts';
import { probeTarget, targetText } from '../target.ts';
import { attempt, type Measured, unmeasured } from '../unmeasured.ts';
import {
  assessInteraction,
  describeInteraction,
  type SmokeObservation,
  type SmokePlace,
} from './assess.ts';
import type { Conversation } from './converse.ts';
import { newShopper } from './identity.ts';
import { type Interaction, readSmokeList, type SmokeList } from './list.ts';
import { openConversation, playInteraction } from './play.ts';
import { cleanUpAfter } from './traces.ts';

const params = z.strictObject({
  environment: oneEnvironment,
  target: probeTarget
    .default('environment')
    .describe("Where to knock: at the customers' door, or at the candidate's slot."),
  list: checklistName.default('smoke.yaml'),
});

function toResult(
  interaction: Interaction,
  place: SmokePlace,
  measured: Measured<SmokeObservation>,
): CheckResult {
  return 'error' in measured
    ? unmeasured(describeInteraction(interaction, place), measured.error)
    : assessInteraction(interaction, place, measured.value);
}

async function runAll(
  { interactions, eventWithin }: SmokeList,
  place: SmokePlace,
  conversation: Conversation,
  context: CheckContext,
): Promise<readonly CheckResult[]> {
  const played = interactions.map((interaction) => ({
    interaction,
    shopper: newShopper(interaction),
  }));
  // Two runs side by side wait on one signal often enough to be taken for a leak.
  setMaxListeners(0, context.signal);
  const settled = await Promise.allSettled(
    played.map(({ interaction, shopper }) =>
      attempt(context.signal, () =>
        playInteraction(interaction, shopper, place, conversation, eventWithin, context),
      ).then((measured) => toResult(interaction, place, measured)),
    ),
  );
  const shoppers = played.map(({ shopper }) => shopper);
  const { environment, target } = place;
  const about = { id: `smoke/${environment}/${target}`, environment };
  const traces = await cleanUpAfter(about, shoppers, context);
  const results = settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  return [...results, ...traces];
}

/** Steps 3, 4 and 6: the plan's six interactions, played against an environment or a slot. */
export const smoke: CheckKind<z.infer<typeof params>> = {
  kind: 'smoke',
  params,
  describe: ({ environment, target, list }) =>
    `the interactions of ${list} on ${targetText(target, environment)}`,
  run: async ({ environment, target, list }, context) => {
    const smokeList = await readSmokeList(context.checklists, list);
    const place = { environment, target };
    const opened = await attempt(context.signal, () => openConversation(place, context));
    if ('error' in opened) {
      const { error } = opened;
      return smokeList.interactions.map((one) =>
        unmeasured(describeInteraction(one, place), error),
      );
    }
    return runAll(smokeList, place, opened.value, context);
  },
};
