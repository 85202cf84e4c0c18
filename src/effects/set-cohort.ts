import { z } from 'zod';
import { environmentNames } from '../base/environments.ts';
import { shortDigest } from '../proof/digest.ts';
import type { FlagState } from '../services/flags/flags.ts';
import type { Effect, EffectKind } from './effect.ts';
import { candidateOf } from './params.ts';

const params = z.strictObject({
  environment: z.enum(environmentNames).describe('Which environment.'),
  percent: z.number().min(0).max(100).describe('Share of sessions that get the candidate.'),
});
type Params = z.infer<typeof params>;

function candidateShare(flag: FlagState, build: string): number | null {
  const strategy = flag.strategies.find((s) => s.cohort === 'candidate');
  return strategy === undefined || strategy.build !== build ? null : strategy.percent;
}

function tell(flag: FlagState, build: string): string {
  const share = candidateShare(flag, build);
  const cohort =
    share === null
      ? `no cohort of ${shortDigest(build)}`
      : `candidate ${shortDigest(build)} at ${share} %`;
  return `${flag.enabled ? 'on' : 'off'}, ${cohort}`;
}

/** Gives the candidate its share of the customers, by the canary flag. */
export const setCohort: EffectKind<Params> = {
  kind: 'set-cohort',
  params,
  create({ environment, percent }, context): Effect {
    const build = candidateOf(context);
    const flag = context.flags.canary;
    return {
      key: `set-cohort/${environment}/${percent}`,
      title: `${flag} in ${environment}: candidate at ${percent} %`,
      describe: () => [
        `flag ${flag} in ${environment}: strategy candidate = ${percent} %, sticky by session, payload ${shortDigest(build.digest)}; flag on`,
      ],
      async probe(signal) {
        const state = await (await context.services.flags()).read(flag, environment, signal);
        const share = candidateShare(state, build.digest);
        return {
          applied: state.enabled && share === percent,
          before: { enabled: state.enabled, percent: share },
        };
      },
      async apply(signal) {
        const flags = await context.services.flags();
        await flags.setCohort(
          flag,
          environment,
          { name: 'candidate', percent, build: build.digest },
          signal,
        );
        await flags.enable(flag, environment, signal);
      },
      async verify(signal) {
        const state = await (await context.services.flags()).seen(flag, environment, signal);
        const now = context.clock.now();
        const known = context.facts();
        return {
          ok: state.enabled && candidateShare(state, build.digest) === percent,
          expected: `clients see ${flag} on, candidate ${shortDigest(build.digest)} at ${percent} %`,
          observed: tell(state, build.digest),
          facts: {
            ...(known.deployedAt === undefined ? { deployedAt: now } : {}),
            ...(percent === 100 && known.rampedAt === undefined ? { rampedAt: now } : {}),
          },
        };
      },
      async undo(before, signal) {
        const flags = await context.services.flags();
        if (typeof before.percent === 'number') {
          await flags.setCohort(
            flag,
            environment,
            { name: 'candidate', percent: before.percent, build: build.digest },
            signal,
          );
        } else {
          await flags.removeCohort(flag, environment, 'candidate', signal);
        }
        if (before.enabled === false) await flags.disable([flag], environment, signal);
      },
    };
  },
};
