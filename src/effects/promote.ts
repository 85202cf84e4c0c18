import type { EnvironmentName } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import { shortDigest } from '../proof/digest.ts';
import type { Prepared } from '../services/change.ts';
import type { FlagState } from '../services/flags/flags.ts';
import type { BuildAtHand, Effect, EffectContext, EffectKind, Probe, Sight } from './effect.ts';
import { askOutsideOften, tally } from './outside.ts';
import { candidateOf, type EnvironmentParams, environmentParams } from './params.ts';
import { planned } from './planned.ts';
import { cohortsOf, slotsOf } from './subjects.ts';

const looks = 20;

/** One promotion: which build, and where. */
interface Promotion {
  readonly context: EffectContext;
  readonly environment: EnvironmentName;
  readonly build: BuildAtHand;
}

/** Whether the flag names the build stable and knows no candidate. */
function namedAlone({ strategies }: FlagState, build: BuildAtHand): boolean {
  const stable = strategies.find((s) => s.cohort === 'stable');
  return stable?.build === build.digest && !strategies.some((s) => s.cohort === 'candidate');
}

async function probe(promotion: Promotion, signal: AbortSignal): Promise<Probe> {
  const { context, environment, build } = promotion;
  const driver = await context.services.driver(environment);
  const flags = await context.services.flags();
  const [traffic, state] = await Promise.all([
    driver.traffic(signal),
    flags.read(context.flags.canary, environment, signal),
  ]);
  const slot = context.facts().slots[environment];
  const routed = slot !== undefined && traffic.stable === slot && traffic.candidate === null;
  const stable = state.strategies.find((s) => s.cohort === 'stable');
  return {
    applied: routed && namedAlone(state, build),
    before: {
      stable: traffic.stable,
      candidate: traffic.candidate,
      stableBuild: stable?.build ?? null,
    },
  };
}

async function plan(promotion: Promotion, signal: AbortSignal): Promise<readonly Prepared[]> {
  const { context, environment, build } = promotion;
  const slot = context.facts().slots[environment];
  if (slot === undefined)
    throw new AuroraError('EFFECT_FAILED', `the candidate has no slot in ${environment}`);
  const driver = await context.services.driver(environment);
  const flags = await context.services.flags();
  const [slots, state] = await Promise.all([
    driver.slots(signal),
    flags.read(context.flags.canary, environment, signal),
  ]);
  const stable = { name: 'stable', percent: 100, build: build.digest } as const;
  return [
    driver.prepare.route(slots, { stable: slot, candidate: slot }),
    ...flags.prepare.setCohort(state, stable),
    ...flags.prepare.removeCohort(state, 'candidate'),
    driver.prepare.route(slots, { stable: slot, candidate: null }),
  ];
}

async function see(promotion: Promotion, signal: AbortSignal): Promise<Sight> {
  const { context, environment, build } = promotion;
  const flags = await context.services.flags();
  const [answers, state] = await Promise.all([
    askOutsideOften(context.environments[environment], looks, signal),
    flags.seen(context.flags.canary, environment, signal),
  ]);
  const { all, text } = tally(answers, build.digest);
  const alone = namedAlone(state, build);
  return {
    ok: all && alone,
    expected: `${looks} fresh customers answered by ${shortDigest(build.digest)}, the flag names it stable`,
    observed: `${text}; flag ${alone ? 'names it stable' : 'still has the candidate or another stable build'}`,
  };
}

/**
 * Makes the candidate the stable build: first the edge's default, then the payload of the `stable`
 * strategy, then the `candidate` strategy goes. At every moment in between each customer is
 * answered by the new build. The slot before stays up, idle: a rollback needs no vault.
 */
export const promote: EffectKind<EnvironmentParams> = {
  kind: 'promote',
  params: environmentParams,
  create({ environment }, context): Effect {
    const build = candidateOf(context);
    const promotion: Promotion = { context, environment, build };
    return planned({
      key: `promote/${environment}`,
      title: `make ${build.version} the stable build of ${environment}`,
      on: [slotsOf(environment), cohortsOf(environment)],
      describe: () => [
        `edge of ${environment}: stable = the candidate's slot`,
        `flag ${context.flags.canary} in ${environment}: strategy stable names ${shortDigest(build.digest)}; strategy candidate is removed`,
        `edge of ${environment}: candidate = none`,
      ],
      probe: (signal) => probe(promotion, signal),
      plan: (signal) => plan(promotion, signal),
      verify: (signal) => see(promotion, signal),
    });
  },
};
