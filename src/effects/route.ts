import { isoTime } from '../base/clock.ts';
import type { EnvironmentName } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import { type SlotName, slotNames, type Traffic } from '../deploy/driver.ts';
import { shortDigest } from '../proof/digest.ts';
import type { Prepared } from '../services/change.ts';
import type { Effect, EffectContext, EffectKind } from './effect.ts';
import { askOutsideOften, tally } from './outside.ts';
import { candidateOf, type EnvironmentParams, environmentParams } from './params.ts';
import { planned } from './planned.ts';
import { slotsOf } from './subjects.ts';

/** The slot that the candidate was started in, by this release. */
function startedSlot(context: EffectContext, environment: EnvironmentName): SlotName {
  const slot = context.facts().slots[environment];
  if (slot !== undefined) return slot;
  throw new AuroraError('EFFECT_FAILED', `the candidate has no slot in ${environment} yet`);
}

function asSlot(value: unknown): SlotName | null {
  return slotNames.find((slot) => slot === value) ?? null;
}

/** The traffic set, prepared with the slots as they are now. */
async function routing(
  context: EffectContext,
  environment: EnvironmentName,
  traffic: Traffic,
  signal: AbortSignal,
): Promise<readonly Prepared[]> {
  const driver = await context.services.driver(environment);
  return [driver.prepare.route(await driver.slots(signal), traffic)];
}

const looks = 20;

/** Moves all traffic of an environment to the candidate; the slot before stays up, idle. */
export const switchTraffic: EffectKind<EnvironmentParams> = {
  kind: 'switch-traffic',
  params: environmentParams,
  create({ environment }, context): Effect {
    const build = candidateOf(context);
    return planned({
      key: `switch-traffic/${environment}`,
      title: `move the traffic of ${environment} to ${build.version}`,
      on: [slotsOf(environment)],
      describe: () => [`edge of ${environment}: stable = the candidate's slot, candidate = none`],
      async probe(signal) {
        const traffic = await (await context.services.driver(environment)).traffic(signal);
        const slot = context.facts().slots[environment];
        return {
          applied: slot !== undefined && traffic.stable === slot && traffic.candidate === null,
          before: { stable: traffic.stable },
        };
      },
      async plan(signal) {
        const traffic = { stable: startedSlot(context, environment), candidate: null };
        return routing(context, environment, traffic, signal);
      },
      async verify(signal) {
        const answers = await askOutsideOften(context.environments[environment], looks, signal);
        const { all, text } = tally(answers, build.digest);
        return {
          ok: all,
          expected: `${looks} fresh customers answered by ${shortDigest(build.digest)}`,
          observed: text,
          ...(environment === 'staging'
            ? { facts: { stagingSwitchedAt: context.clock.now() } }
            : {}),
        };
      },
      async undo(before, signal) {
        const driver = await context.services.driver(environment);
        await driver.route({ stable: asSlot(before.stable), candidate: null }, signal);
      },
    });
  },
};

/** Lets the edge send the candidate cohort to the candidate's slot; the flag decides who that is. */
export const routeCandidate: EffectKind<EnvironmentParams> = {
  kind: 'route-candidate',
  params: environmentParams,
  create({ environment }, context): Effect {
    const current = async (signal: AbortSignal) =>
      (await context.services.driver(environment)).traffic(signal);
    return planned({
      key: `route-candidate/${environment}`,
      title: `route the candidate cohort of ${environment}`,
      on: [slotsOf(environment)],
      describe: () => [
        `edge of ${environment}: candidate = the candidate's slot, stable unchanged`,
      ],
      async probe(signal) {
        const traffic = await current(signal);
        return {
          applied:
            traffic.candidate !== null && traffic.candidate === context.facts().slots[environment],
          before: { stable: traffic.stable, candidate: traffic.candidate },
        };
      },
      async plan(signal) {
        const { stable } = await current(signal);
        const slot = startedSlot(context, environment);
        // A first launch has no stable slot: the candidate is all there is.
        const traffic = { stable: stable ?? slot, candidate: slot };
        return routing(context, environment, traffic, signal);
      },
      async verify(signal) {
        const traffic = await current(signal);
        const slot = startedSlot(context, environment);
        const observed = `stable ${traffic.stable ?? 'none'}, candidate ${traffic.candidate ?? 'none'} at ${isoTime(context.clock.now())}`;
        return { ok: traffic.candidate === slot, expected: `candidate ${slot}`, observed };
      },
      async undo(before, signal) {
        const driver = await context.services.driver(environment);
        await driver.route(
          { stable: asSlot(before.stable), candidate: asSlot(before.candidate) },
          signal,
        );
      },
    });
  },
};
