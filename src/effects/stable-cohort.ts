import { shortDigest } from '../proof/digest.ts';
import type { Effect, EffectKind } from './effect.ts';
import { candidateOf, type EnvironmentParams, environmentParams } from './params.ts';

/** Names a build as the one that everybody outside a canary gets, and switches the flag on. */
export const stableCohort: EffectKind<EnvironmentParams> = {
  kind: 'stable-cohort',
  params: environmentParams,
  create({ environment }, context): Effect {
    const build = candidateOf(context);
    const flag = context.flags.canary;
    const named = (state: {
      strategies: readonly { cohort: string | null; build: string | null }[];
    }) => state.strategies.find((s) => s.cohort === 'stable')?.build ?? null;
    return {
      key: `stable-cohort/${environment}`,
      title: `${flag} in ${environment}: stable = ${build.version}`,
      describe: () => [
        `flag ${flag} in ${environment}: strategy stable = 100 %, payload ${shortDigest(build.digest)}; flag on`,
      ],
      async probe(signal) {
        const state = await (await context.services.flags()).read(flag, environment, signal);
        return {
          applied: state.enabled && named(state) === build.digest,
          before: { enabled: state.enabled, build: named(state) },
        };
      },
      async apply(signal) {
        const flags = await context.services.flags();
        await flags.setCohort(
          flag,
          environment,
          { name: 'stable', percent: 100, build: build.digest },
          signal,
        );
        await flags.enable(flag, environment, signal);
      },
      async verify(signal) {
        const state = await (await context.services.flags()).seen(flag, environment, signal);
        return {
          ok: state.enabled && named(state) === build.digest,
          expected: `clients see ${flag} on, stable ${shortDigest(build.digest)}`,
          observed: `${state.enabled ? 'on' : 'off'}, stable ${shortDigest(named(state) ?? 'none')}`,
        };
      },
    };
  },
};
