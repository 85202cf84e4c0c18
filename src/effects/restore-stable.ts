import { AuroraError } from '../base/errors.ts';
import type { DeployDriver, SlotStatus, Traffic } from '../deploy/driver.ts';
import { shortDigest } from '../proof/digest.ts';
import type { Effect, EffectKind } from './effect.ts';
import { askOutsideOften, tally, widgetIsHidden } from './outside.ts';
import { type EnvironmentParams, environmentParams } from './params.ts';
import { idleSlot } from './start-slot.ts';

/** Which slot is to serve all customers after a rollback. */
export type StableTarget =
  | { readonly kind: 'slot'; readonly slot: SlotStatus }
  /** It runs nowhere: the build is to be started again. */
  | { readonly kind: 'start'; readonly build: string }
  | { readonly kind: 'none'; readonly why: string };

/** What is known of the builds; both are null when no journal could be read. */
export interface KnownBuilds {
  readonly candidate: string | null;
  readonly stable: string | null;
}

/**
 * Decides who is the previous stable build, from what driver and edge say; the journal's word goes
 * first when there is one. Without a journal, the slot that has run longest is the one that
 * customers had before: a candidate is always started after it.
 */
export function chooseStable(
  slots: readonly SlotStatus[],
  traffic: Traffic,
  known: KnownBuilds,
): StableTarget {
  const ready = slots.filter((slot) => slot.state === 'ready' && slot.build !== null);
  if (known.stable !== null) {
    const running =
      ready.find((slot) => slot.build === known.stable && slot.slot !== traffic.candidate) ??
      ready.find((slot) => slot.build === known.stable);
    return running === undefined
      ? { kind: 'start', build: known.stable }
      : { kind: 'slot', slot: running };
  }
  const good = ready.filter(
    (slot) => slot.build !== known.candidate && slot.slot !== traffic.candidate,
  );
  const oldest = good.sort((a, b) => (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity))[0];
  if (oldest !== undefined) return { kind: 'slot', slot: oldest };
  return {
    kind: 'none',
    why: 'no slot runs another build: this was a first launch, and the flags keep the widget hidden',
  };
}

const looks = 20;

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
    const startAgain = async (driver: DeployDriver, build: string, signal: AbortSignal) => {
      const traffic = await driver.traffic(signal);
      const found = await context.findBuild(build);
      if (found === null) {
        throw new AuroraError(
          'EFFECT_FAILED',
          `the previous stable build ${shortDigest(build)} runs nowhere and is not in the build store`,
          {
            remedy:
              'Pack or copy it into the build store, then run `aurora rollback` again. The flags are off.',
          },
        );
      }
      const slot = idleSlot({ stable: traffic.stable, candidate: null });
      const env = await context.slotEnv(environment, signal);
      await driver.stop(slot, signal);
      return driver.start(
        { environment, slot, buildDirectory: found.directory, build, env },
        signal,
      );
    };
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
          target.kind === 'slot' ? target.slot : await startAgain(driver, target.build, signal);
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
