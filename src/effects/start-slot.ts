import type { EnvironmentName } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import { type SlotName, type SlotStatus, slotNames, type Traffic } from '../deploy/driver.ts';
import { shortDigest } from '../proof/digest.ts';
import type { Prepared } from '../services/change.ts';
import { http, parseJson } from '../services/http/request.ts';
import type { BuildAtHand, Effect, EffectContext, EffectKind, Sight } from './effect.ts';
import { candidateOf, type EnvironmentParams, environmentParams } from './params.ts';
import { planned } from './planned.ts';
import { slotsOf } from './subjects.ts';

/** The slot that serves nobody. */
export function idleSlot(traffic: Traffic): SlotName {
  const idle = slotNames.find((slot) => slot !== traffic.stable && slot !== traffic.candidate);
  if (idle !== undefined) return idle;
  throw new AuroraError('EFFECT_FAILED', 'both slots serve customers: there is no idle one', {
    remedy: 'A canary is still routed here. End it with `aurora rollback`, or resume its release.',
  });
}

/** A ready slot with this build that is not the stable one; else undefined. */
export function candidateSlot(
  slots: readonly SlotStatus[],
  traffic: Traffic,
  build: string,
): SlotStatus | undefined {
  return slots.find(
    (slot) => slot.build === build && slot.state === 'ready' && slot.slot !== traffic.stable,
  );
}

/**
 * The slot that this release has started its build in, wherever traffic goes by now: a step that is
 * taken again after its switch finds it in front of the customers. Else any that `candidateSlot` finds.
 */
function startedSlot(
  { context, environment, build }: Start,
  slots: readonly SlotStatus[],
  traffic: Traffic,
): SlotStatus | undefined {
  const own = context.facts().slots[environment];
  const isOwn = (slot: SlotStatus) =>
    slot.slot === own && slot.build === build.digest && slot.state === 'ready';
  return slots.find(isOwn) ?? candidateSlot(slots, traffic, build.digest);
}

async function answeredBuild(url: string, signal: AbortSignal): Promise<string> {
  const where = `${url}/api/health`;
  const answer = await http({ url: where, timeoutMs: 5_000 }, signal);
  const body = parseJson(answer, where) as { readonly build?: unknown };
  return typeof body.build === 'string' ? body.build : `status ${answer.status}`;
}

/** One start: which build, and where. */
interface Start {
  readonly context: EffectContext;
  readonly environment: EnvironmentName;
  readonly build: BuildAtHand;
}

async function look({ context, environment }: Start, signal: AbortSignal) {
  const driver = await context.services.driver(environment);
  const [slots, traffic] = await Promise.all([driver.slots(signal), driver.traffic(signal)]);
  return { driver, slots, traffic };
}

async function plan(start: Start, signal: AbortSignal): Promise<readonly Prepared[]> {
  const { context, environment, build } = start;
  const { driver, slots, traffic } = await look(start, signal);
  const slot = idleSlot(traffic);
  const inIt = slots.find((s) => s.slot === slot);
  // A start that a dead process had ordered is joined: the host takes the same order once.
  const isOnItsWay = inIt?.state === 'starting' && inIt.build === build.digest;
  const occupied = (inIt?.state === 'ready' || inIt?.state === 'starting') && !isOnItsWay;
  const env = await context.slotEnv(environment, signal);
  const order = { environment, slot, buildDirectory: build.directory, build: build.digest, env };
  return [...(occupied ? [driver.prepare.stop(slot)] : []), driver.prepare.start(order)];
}

async function see(start: Start, signal: AbortSignal): Promise<Sight> {
  const { environment, build } = start;
  const { slots, traffic } = await look(start, signal);
  const expected = `a ready slot that answers ${shortDigest(build.digest)}`;
  const there = startedSlot(start, slots, traffic);
  if (there === undefined || there.url === null) {
    const states = slots.map(
      (s) => `${s.slot} ${s.state}${s.ended === null ? '' : ` (${s.ended})`}`,
    );
    return { ok: false, expected, observed: states.join(', ') };
  }
  const answered = await answeredBuild(there.url, signal);
  return {
    ok: answered === build.digest,
    expected,
    observed: `${there.slot} answers ${shortDigest(answered)}`,
    facts: { slots: { [environment]: there.slot } },
  };
}

async function stopAgain(start: Start, signal: AbortSignal): Promise<void> {
  const { driver, slots, traffic } = await look(start, signal);
  const there = slots.find((s) => s.build === start.build.digest && s.slot !== traffic.stable);
  if (there !== undefined) await driver.stop(there.slot, signal);
}

/** Starts the candidate in the idle slot, where no customer is. */
export const startSlot: EffectKind<EnvironmentParams> = {
  kind: 'start-slot',
  params: environmentParams,
  create({ environment }, context): Effect {
    const build = candidateOf(context);
    const start: Start = { context, environment, build };
    return planned({
      key: `start-slot/${environment}`,
      title: `start ${build.version} in the idle slot of ${environment}`,
      on: [slotsOf(environment)],
      describe: () => [
        `start build ${shortDigest(build.digest)} in the idle slot of ${environment}, wait until it is ready and warm`,
      ],
      async probe(signal) {
        const { slots, traffic } = await look(start, signal);
        // Stable here without this release having done it: the very same build is released again.
        const there = startedSlot(start, slots, traffic);
        return { applied: there !== undefined, before: { slot: there?.slot ?? idleSlot(traffic) } };
      },
      plan: (signal) => plan(start, signal),
      verify: (signal) => see(start, signal),
      undo: (_before, signal) => stopAgain(start, signal),
    });
  },
};
