import { shortDigest } from '../proof/digest.ts';
import type { FlagState } from '../services/flags/flags.ts';
import type { Effect, EffectKind } from './effect.ts';
import { candidateOf, type EnvironmentParams, environmentParams } from './params.ts';
import { planned } from './planned.ts';
import { cohortsOf, switchesOf } from './subjects.ts';

function named({ strategies }: FlagState): string | null {
  return strategies.find((s) => s.cohort === 'stable')?.build ?? null;
}

/** Names a build as the one that everybody outside a canary gets, and switches the flag on. */
export const stableCohort: EffectKind<EnvironmentParams> = {
  kind: 'stable-cohort',
  params: environmentParams,
  create({ environment }, context): Effect {
    const build = candidateOf(context);
    const flag = context.flags.canary;
    return planned({
      key: `stable-cohort/${environment}`,
      title: `${flag} in ${environment}: stable = ${build.version}`,
      on: [cohortsOf(environment), switchesOf(environment)],
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
      async plan(signal) {
        const { read, prepare } = await context.services.flags();
        const state = await read(flag, environment, signal);
        const stable = { name: 'stable', percent: 100, build: build.digest } as const;
        return [...prepare.setCohort(state, stable), ...prepare.enable(state)];
      },
      async verify(signal) {
        const state = await (await context.services.flags()).seen(flag, environment, signal);
        return {
          ok: state.enabled && named(state) === build.digest,
          expected: `clients see ${flag} on, stable ${shortDigest(build.digest)}`,
          observed: `${state.enabled ? 'on' : 'off'}, stable ${shortDigest(named(state) ?? 'none')}`,
        };
      },
    });
  },
};
