import type { EnvironmentName } from '../base/environments.ts';
import type { DeployDriver, SlotStatus, Traffic } from '../deploy/driver.ts';
import { shortDigest } from '../proof/digest.ts';
import type { Prepared } from '../services/change.ts';
import type { FlagState, FlagsService } from '../services/flags/flags.ts';
import type { Effect, EffectContext, EffectKind, Sight } from './effect.ts';
import { type EnvironmentParams, environmentParams } from './params.ts';
import { planned } from './planned.ts';
import { cohortsOf, slotsOf } from './subjects.ts';

/** Slots that run a build which no customer is sent to any more. */
function retired(
  slots: readonly SlotStatus[],
  traffic: Traffic,
  context: EffectContext,
): readonly SlotStatus[] {
  const { candidate } = context.facts();
  return slots.filter((slot) => {
    const runs = slot.state === 'ready' || slot.state === 'starting';
    const serves = slot.slot === traffic.stable || slot.slot === traffic.candidate;
    return runs && !serves && (candidate === '' || slot.build === candidate);
  });
}

/** What is left of the rolled back build. */
interface Leftovers {
  readonly driver: DeployDriver;
  readonly flags: FlagsService;
  readonly state: FlagState;
  readonly slots: readonly SlotStatus[];
  readonly hasCohort: boolean;
  /** The build that serves, when the strategy `stable` names another one. */
  readonly wrongStable: string | null;
}

async function look(
  context: EffectContext,
  environment: EnvironmentName,
  signal: AbortSignal,
): Promise<Leftovers> {
  const driver = await context.services.driver(environment);
  const flags = await context.services.flags();
  const [slots, traffic, state] = await Promise.all([
    driver.slots(signal),
    driver.traffic(signal),
    flags.read(context.flags.canary, environment, signal),
  ]);
  const serving = slots.find((slot) => slot.slot === traffic.stable && slot.state === 'ready');
  const stable = serving?.build ?? null;
  const named = state.strategies.find((s) => s.cohort === 'stable')?.build ?? null;
  return {
    driver,
    flags,
    state,
    slots: retired(slots, traffic, context),
    hasCohort: state.strategies.some((s) => s.cohort === 'candidate'),
    wrongStable: stable !== null && named !== stable ? stable : null,
  };
}

function plan({ driver, flags, state, slots, wrongStable }: Leftovers): readonly Prepared[] {
  // The candidate's strategy is gone by the time that the stable one is written.
  const strategies = state.strategies.filter((s) => s.cohort !== 'candidate');
  const correction =
    wrongStable === null
      ? []
      : flags.prepare.setCohort(
          { ...state, strategies },
          { name: 'stable', percent: 100, build: wrongStable },
        );
  return [
    ...flags.prepare.removeCohort(state, 'candidate'),
    ...correction,
    ...slots.map((slot) => driver.prepare.stop(slot.slot)),
  ];
}

function tell(now: Leftovers): Sight {
  const left = now.slots.map((slot) => `${slot.slot} runs ${shortDigest(slot.build ?? '')}`);
  if (now.hasCohort) left.push('the flag still has the candidate');
  if (now.wrongStable !== null) left.push('the flag names another stable build');
  return {
    ok: left.length === 0,
    expected: 'no slot and no strategy of it',
    observed: left.join(', ') || 'none',
  };
}

/** Takes the rolled back build away: its strategy in the canary flag, then its slot. */
export const retireCandidate: EffectKind<EnvironmentParams> = {
  kind: 'retire-candidate',
  params: environmentParams,
  create({ environment }, context): Effect {
    return planned({
      key: `retire-candidate/${environment}`,
      title: `retire the rolled back build in ${environment}`,
      on: [slotsOf(environment), cohortsOf(environment)],
      describe: () => [
        `flag ${context.flags.canary} in ${environment}: strategy candidate is removed, strategy stable names the build that serves`,
        `stop the slot of ${environment} that serves nobody`,
      ],
      async probe(signal) {
        const now = await look(context, environment, signal);
        return {
          applied: now.slots.length === 0 && !now.hasCohort && now.wrongStable === null,
          before: { slots: now.slots.map((slot) => slot.slot), cohort: now.hasCohort },
        };
      },
      plan: async (signal) => plan(await look(context, environment, signal)),
      verify: async (signal) => tell(await look(context, environment, signal)),
    });
  },
};
