import type { EnvironmentName } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import type { DeployDriver, SlotStatus, Traffic } from '../deploy/driver.ts';
import { shortDigest } from '../proof/digest.ts';
import type { Prepared } from '../services/change.ts';
import { chooseStable, type StableTarget } from './choose-stable.ts';
import type { Effect, EffectContext, EffectKind, Probe, Sight } from './effect.ts';
import { askOutsideOften, tally, widgetIsHidden } from './outside.ts';
import { type EnvironmentParams, environmentParams } from './params.ts';
import { planned } from './planned.ts';
import { idleSlot } from './start-slot.ts';
import { slotsOf } from './subjects.ts';

const looks = 20;

/** One way back, and the build that it leads to once that is decided; null when there is none. */
interface WayBack {
  readonly context: EffectContext;
  readonly environment: EnvironmentName;
  chosen: string | null | undefined;
}

/** What is there now, and who is to serve. */
interface Seen {
  readonly driver: DeployDriver;
  readonly slots: readonly SlotStatus[];
  readonly traffic: Traffic;
  readonly target: StableTarget;
}

function buildOf(target: StableTarget): string | null {
  if (target.kind === 'none') return null;
  return target.kind === 'slot' ? target.slot.build : target.build;
}

/** Decides while the slots still look as before: after the switch they look different. */
async function look(way: WayBack, signal: AbortSignal): Promise<Seen> {
  const { context, environment } = way;
  const driver = await context.services.driver(environment);
  const [slots, traffic] = await Promise.all([driver.slots(signal), driver.traffic(signal)]);
  const { candidate, stable } = context.facts();
  const known = { candidate: candidate === '' ? null : candidate, stable };
  const target = chooseStable(slots, traffic, known);
  way.chosen = buildOf(target);
  return { driver, slots, traffic, target };
}

async function probe(way: WayBack, signal: AbortSignal): Promise<Probe> {
  const { traffic, target } = await look(way, signal);
  const there =
    target.kind === 'slot' && traffic.stable === target.slot.slot && traffic.candidate === null;
  return {
    applied: there || target.kind === 'none',
    before: { stable: traffic.stable, candidate: traffic.candidate },
  };
}

/** Starts the build in the slot that serves nobody, then sends everybody there. EFFECT_FAILED when it is lost. */
async function startAgain(
  { context, environment }: WayBack,
  { driver, slots, traffic }: Seen,
  build: string,
  signal: AbortSignal,
): Promise<readonly Prepared[]> {
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
  const { prepare } = driver;
  const order = { environment, slot, buildDirectory: found.directory, build, env };
  const start = prepare.start(order);
  const others = slots.filter((one) => one.slot !== slot);
  const route = prepare.route([start.slot, ...others], { stable: slot, candidate: null });
  return [prepare.stop(slot), start, route];
}

async function plan(way: WayBack, signal: AbortSignal): Promise<readonly Prepared[]> {
  const seen = await look(way, signal);
  const { driver, slots, target } = seen;
  if (target.kind === 'none') return [];
  if (target.kind === 'start') return startAgain(way, seen, target.build, signal);
  return [driver.prepare.route(slots, { stable: target.slot.slot, candidate: null })];
}

async function see({ context, environment, chosen }: WayBack, signal: AbortSignal): Promise<Sight> {
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
}

/** Brings the previous stable build back in front of every customer. */
export const restoreStable: EffectKind<EnvironmentParams> = {
  kind: 'restore-stable',
  params: environmentParams,
  create({ environment }, context): Effect {
    const way: WayBack = { context, environment, chosen: undefined };
    return planned({
      key: `restore-stable/${environment}`,
      title: `bring the previous stable build of ${environment} back`,
      on: [slotsOf(environment)],
      settleMs: 20_000,
      describe: () => [
        `edge of ${environment}: stable = the slot of the previous stable build (started again if it does not run), candidate = none`,
      ],
      probe: (signal) => probe(way, signal),
      plan: (signal) => plan(way, signal),
      verify: (signal) => see(way, signal),
    });
  },
};
