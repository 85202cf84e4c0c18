import { AuroraError } from '../base/errors.ts';
import type { DeployDriver, SlotStatus } from '../deploy/driver.ts';
import { shortDigest } from '../proof/digest.ts';
import { chooseStable, type KnownBuilds } from './choose-stable.ts';
import type { Effect, EffectContext, EffectKind } from './effect.ts';
import { askOutsideOften, tally, widgetIsHidden } from './outside.ts';
import { type EnvironmentParams, environmentParams } from './params.ts';
import { idleSlot } from './start-slot.ts';

const looks = 20;

/** Starts the previous stable build in the slot that serves nobody. EFFECT_FAILED when it is lost. */
async function startAgain(
  context: EffectContext,
  driver: DeployDriver,
  build: string,
  signal: AbortSignal,
): Promise<SlotStatus> {
  const { environment } = driver;
  const traffic = await driver.traffic(signal);
  const found = await context.findBuild(build);
  if (found === null) {
    const what = `the previous stable build ${shortDigest(build)}`;
    throw new AuroraError('EFFECT_FAILED', `${what} runs nowhere and is not in the build store`, {
      remedy:
        'Pack or copy it into the build store, then run `aurora rollback` again. The flags are off.',
    });
  }
  const slot = idleSlot({ stable: traffic.stable, candidate: null });
  const env = await context.slotEnv(environment, signal);
  await driver.stop(slot, signal);
  return driver.start({ environment, slot, buildDirectory: found.directory, build, env }, signal);
}

/** Brings the previous stable build back in front of every customer. */
export const restoreStable: EffectKind<EnvironmentParams> = {
  kind: 'restore-stable',
  params: environmentParams,
  create({ environment }, context): Effect {
    const known = (): KnownBuilds => {
      const { candidate, stable } = context.facts();
      return { candidate: candidate === '' ? null : candidate, stable };
    };
    const look = async (driver: DeployDriver, signal: AbortSignal) => {
      const [slots, traffic] = await Promise.all([driver.slots(signal), driver.traffic(signal)]);
      return { slots, traffic, target: chooseStable(slots, traffic, known()) };
    };
    /** Decided once: after the switch the slots look different. */
    let chosen: string | null | undefined;
    return {
      key: `restore-stable/${environment}`,
      title: `bring the previous stable build of ${environment} back`,
      settleMs: 20_000,
      describe: () => [
        `edge of ${environment}: stable = the slot of the previous stable build (started again if it does not run), candidate = none`,
      ],
      async probe(signal) {
        const driver = await context.services.driver(environment);
        const { traffic, target } = await look(driver, signal);
        chosen =
          target.kind === 'slot'
            ? target.slot.build
            : target.kind === 'start'
              ? target.build
              : null;
        const there =
          target.kind === 'slot' &&
          traffic.stable === target.slot.slot &&
          traffic.candidate === null;
        return {
          applied: there || target.kind === 'none',
          before: { stable: traffic.stable, candidate: traffic.candidate },
        };
      },
      async apply(signal) {
        const driver = await context.services.driver(environment);
        const { target } = await look(driver, signal);
        if (target.kind === 'none') return;
        const slot =
          target.kind === 'slot'
            ? target.slot
            : await startAgain(context, driver, target.build, signal);
        chosen = slot.build;
        await driver.route({ stable: slot.slot, candidate: null }, signal);
      },
      async verify(signal) {
        const view = context.environments[environment];
        if (chosen === undefined || chosen === null) {
          const hidden = await widgetIsHidden(view, signal);
          return {
            ok: hidden,
            expected: 'no earlier build: the widget is hidden',
            observed: hidden ? 'hidden' : 'shown',
          };
        }
        const { all, text } = tally(await askOutsideOften(view, looks, signal), chosen);
        return {
          ok: all,
          expected: `${looks} fresh customers answered by ${shortDigest(chosen)}`,
          observed: text,
        };
      },
    };
  },
};
