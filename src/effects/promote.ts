import { AuroraError } from '../base/errors.ts';
import { shortDigest } from '../proof/digest.ts';
import type { Effect, EffectKind } from './effect.ts';
import { askOutsideOften, tally } from './outside.ts';
import { candidateOf, type EnvironmentParams, environmentParams } from './params.ts';

const looks = 20;

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
    const flag = context.flags.canary;
    return {
      key: `promote/${environment}`,
      title: `make ${build.version} the stable build of ${environment}`,
      describe: () => [
        `edge of ${environment}: stable = the candidate's slot`,
        `flag ${flag} in ${environment}: strategy stable names ${shortDigest(build.digest)}; strategy candidate is removed`,
        `edge of ${environment}: candidate = none`,
      ],
      async probe(signal) {
        const driver = await context.services.driver(environment);
        const flags = await context.services.flags();
        const [traffic, state] = await Promise.all([
          driver.traffic(signal),
          flags.read(flag, environment, signal),
        ]);
        const slot = context.facts().slots[environment];
        const stable = state.strategies.find((s) => s.cohort === 'stable');
        return {
          applied:
            slot !== undefined &&
            traffic.stable === slot &&
            traffic.candidate === null &&
            stable?.build === build.digest &&
            !state.strategies.some((s) => s.cohort === 'candidate'),
          before: {
            stable: traffic.stable,
            candidate: traffic.candidate,
            stableBuild: stable?.build ?? null,
          },
        };
      },
      async apply(signal) {
        const driver = await context.services.driver(environment);
        const flags = await context.services.flags();
        const slot = context.facts().slots[environment];
        if (slot === undefined)
          throw new AuroraError('EFFECT_FAILED', `the candidate has no slot in ${environment}`);
        await driver.route({ stable: slot, candidate: slot }, signal);
        await flags.setCohort(
          flag,
          environment,
          { name: 'stable', percent: 100, build: build.digest },
          signal,
        );
        await flags.removeCohort(flag, environment, 'candidate', signal);
        await driver.route({ stable: slot, candidate: null }, signal);
      },
      async verify(signal) {
        const flags = await context.services.flags();
        const [answers, state] = await Promise.all([
          askOutsideOften(context.environments[environment], looks, signal),
          flags.seen(flag, environment, signal),
        ]);
        const { all, text } = tally(answers, build.digest);
        const stable = state.strategies.find((s) => s.cohort === 'stable');
        const alone =
          stable?.build === build.digest && !state.strategies.some((s) => s.cohort === 'candidate');
        return {
          ok: all && alone,
          expected: `${looks} fresh customers answered by ${shortDigest(build.digest)}, the flag names it stable`,
          observed: `${text}; flag ${alone ? 'names it stable' : 'still has the candidate or another stable build'}`,
        };
      },
    };
  },
};
