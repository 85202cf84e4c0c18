import type { SlotStatus, Traffic } from '../deploy/driver.ts';
import { shortDigest } from '../proof/digest.ts';
import type { Effect, EffectContext, EffectKind } from './effect.ts';
import { type EnvironmentParams, environmentParams } from './params.ts';

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

/** Takes the rolled back build away: its strategy in the canary flag, then its slot. */
export const retireCandidate: EffectKind<EnvironmentParams> = {
  kind: 'retire-candidate',
  params: environmentParams,
  create({ environment }, context): Effect {
    const flag = context.flags.canary;
    const look = async (signal: AbortSignal) => {
      const driver = await context.services.driver(environment);
      const flags = await context.services.flags();
      const [slots, traffic, state] = await Promise.all([
        driver.slots(signal),
        driver.traffic(signal),
        flags.read(flag, environment, signal),
      ]);
      const stable =
        slots.find((slot) => slot.slot === traffic.stable && slot.state === 'ready')?.build ?? null;
      const strategies = state.strategies;
      const named = strategies.find((s) => s.cohort === 'stable')?.build ?? null;
      return {
        driver,
        flags,
        slots: retired(slots, traffic, context),
        hasCohort: strategies.some((s) => s.cohort === 'candidate'),
        /** The strategy `stable` may still name the build that was just rolled back. */
        wrongStable: stable !== null && named !== stable ? stable : null,
      };
    };
    return {
      key: `retire-candidate/${environment}`,
      title: `retire the rolled back build in ${environment}`,
      describe: () => [
        `flag ${flag} in ${environment}: strategy candidate is removed, strategy stable names the build that serves`,
        `stop the slot of ${environment} that serves nobody`,
      ],
      async probe(signal) {
        const now = await look(signal);
        return {
          applied: now.slots.length === 0 && !now.hasCohort && now.wrongStable === null,
          before: { slots: now.slots.map((slot) => slot.slot), cohort: now.hasCohort },
        };
      },
      async apply(signal) {
        const now = await look(signal);
        if (now.hasCohort) await now.flags.removeCohort(flag, environment, 'candidate', signal);
        if (now.wrongStable !== null) {
          await now.flags.setCohort(
            flag,
            environment,
            { name: 'stable', percent: 100, build: now.wrongStable },
            signal,
          );
        }
        for (const slot of now.slots) await now.driver.stop(slot.slot, signal);
      },
      async verify(signal) {
        const now = await look(signal);
        const left = now.slots.map((slot) => `${slot.slot} runs ${shortDigest(slot.build ?? '')}`);
        if (now.hasCohort) left.push('the flag still has the candidate');
        if (now.wrongStable !== null) left.push('the flag names another stable build');
        return {
          ok: left.length === 0,
          expected: 'no slot and no strategy of it',
          observed: left.join(', ') || 'none',
        };
      },
    };
  },
};
