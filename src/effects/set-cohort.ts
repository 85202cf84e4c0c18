import { z } from 'zod';
import { type EnvironmentName, environmentNames } from '../base/environments.ts';
import type { JsonObject } from '../base/json.ts';
import { shortDigest } from '../proof/digest.ts';
import type { Prepared } from '../services/change.ts';
import type { FlagState } from '../services/flags/flags.ts';
import type { BuildAtHand, Effect, EffectContext, EffectKind, Sight } from './effect.ts';
import { candidateOf } from './params.ts';
import { planned } from './planned.ts';
import { cohortsOf, switchesOf } from './subjects.ts';

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

/** One share: whose, how much, and where. */
interface Share {
  readonly context: EffectContext;
  readonly environment: EnvironmentName;
  readonly build: BuildAtHand;
  readonly percent: number;
}

/**
 * Whether clients have the share that is asked for. A release that went on takes the moves of its
 * step again: where it is past this share already, the larger one stays, since nobody's share is
 * taken back by going forward. What is above what was reached was somebody else's doing.
 */
function suffices({ context, environment, percent }: Share, seen: number | null): boolean {
  if (seen === null || seen === percent) return seen === percent;
  const { percent: reached = 0 } = environment === context.flags.environment ? context.facts() : {};
  return percent > 0 && percent < seen && seen <= reached;
}

const read = async ({ context, environment }: Share, signal: AbortSignal) =>
  (await context.services.flags()).read(context.flags.canary, environment, signal);

async function plan(share: Share, signal: AbortSignal): Promise<readonly Prepared[]> {
  const { prepare } = await share.context.services.flags();
  const state = await read(share, signal);
  const { percent, build } = share;
  return [
    ...(suffices(share, candidateShare(state, build.digest))
      ? []
      : prepare.setCohort(state, { name: 'candidate', percent, build: build.digest })),
    ...prepare.enable(state),
  ];
}

async function see(share: Share, signal: AbortSignal): Promise<Sight> {
  const { context, environment, build, percent } = share;
  const flag = context.flags.canary;
  const state = await (await context.services.flags()).seen(flag, environment, signal);
  const seen = candidateShare(state, build.digest);
  const past = seen !== percent && suffices(share, seen) ? ', past that already: not lowered' : '';
  return {
    ok: state.enabled && suffices(share, seen),
    expected: `clients see ${flag} on, candidate ${shortDigest(build.digest)} at ${percent} %`,
    observed: `${tell(state, build.digest)}${past}`,
    facts: factsOf(share, seen),
  };
}

/** What the release knows once this share was seen. */
function factsOf({ context, environment, percent }: Share, seen: number | null) {
  const now = context.clock.now();
  const known = context.facts();
  const isCanary = environment === context.flags.environment;
  return {
    ...(known.deployedAt === undefined ? { deployedAt: now } : {}),
    ...(percent === 100 && known.rampedAt === undefined ? { rampedAt: now } : {}),
    ...(isCanary && seen !== null ? { percent: seen, stage: percent } : {}),
    // A release that goes on at the share that it had counts from where it began to have it.
    ...(isCanary && known.percent !== seen ? { sharedAt: now } : {}),
  };
}

async function giveBack(share: Share, before: JsonObject, signal: AbortSignal): Promise<void> {
  const { context, environment, build } = share;
  const flag = context.flags.canary;
  const flags = await context.services.flags();
  const { percent } = before;
  if (typeof percent === 'number') {
    const cohort = { name: 'candidate', percent, build: build.digest } as const;
    await flags.setCohort(flag, environment, cohort, signal);
  } else {
    await flags.removeCohort(flag, environment, 'candidate', signal);
  }
  if (before.enabled === false) await flags.disable([flag], environment, signal);
}

/** Gives the candidate its share of the customers, by the canary flag. */
export const setCohort: EffectKind<Params> = {
  kind: 'set-cohort',
  params,
  create({ environment, percent }, context): Effect {
    const build = candidateOf(context);
    const flag = context.flags.canary;
    const share: Share = { context, environment, build, percent };
    return planned({
      key: `set-cohort/${environment}/${percent}`,
      title: `${flag} in ${environment}: candidate at ${percent} %`,
      on: [cohortsOf(environment), switchesOf(environment)],
      describe: () => [
        `flag ${flag} in ${environment}: strategy candidate = ${percent} %, sticky by session, payload ${shortDigest(build.digest)}; flag on`,
      ],
      async probe(signal) {
        const state = await read(share, signal);
        const now = candidateShare(state, build.digest);
        return {
          applied: state.enabled && suffices(share, now),
          before: { enabled: state.enabled, percent: now },
        };
      },
      plan: (signal) => plan(share, signal),
      verify: (signal) => see(share, signal),
      undo: (before, signal) => giveBack(share, before, signal),
    });
  },
};
