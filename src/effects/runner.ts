import type { Clock } from '../base/clock.ts';
import { AuroraError, messageOf } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { Effect, Sight } from './effect.ts';

/** What the runner tells whoever keeps the record; each call is durable before the runner goes on. */
export interface EffectRecord {
  started(effect: Effect, before: JsonObject): Promise<void>;
  done(effect: Effect, sight: Sight, already: boolean): Promise<void>;
  failed(effect: Effect, error: unknown): Promise<void>;
}

/** Called before each act: throws when this process has lost the right to act. */
export type Guard = () => Promise<void>;

/** How often an effect is looked at until it shows. */
const lookEveryMs = 200;
const defaultSettleMs = 15_000;

/**
 * Looks until the effect is seen from outside, or its time is over. Trouble while looking counts as
 * not seen: the last trouble is told.
 */
export async function settle(effect: Effect, clock: Clock, signal: AbortSignal): Promise<Sight> {
  const deadline = clock.now() + (effect.settleMs ?? defaultSettleMs);
  let trouble: unknown;
  let last: Sight | undefined;
  for (;;) {
    signal.throwIfAborted();
    try {
      last = await effect.verify(signal);
      if (last.ok) return last;
      trouble = undefined;
    } catch (error) {
      signal.throwIfAborted();
      trouble = error;
    }
    if (clock.now() + lookEveryMs > deadline) break;
    await clock.sleep(lookEveryMs, signal);
  }
  if (trouble !== undefined) {
    throw new AuroraError(
      'EFFECT_FAILED',
      `${effect.title}: it could not be verified: ${messageOf(trouble)}`,
      { cause: trouble },
    );
  }
  throw new AuroraError(
    'EFFECT_FAILED',
    `${effect.title}: expected ${last?.expected}, seen from outside: ${last?.observed}`,
  );
}

/**
 * The one way to act: probe, write down, act, look from outside, write down. What is so already is
 * not done again, yet looked at all the same. Throws the first error after recording it.
 */
export async function runEffect(
  effect: Effect,
  record: EffectRecord,
  guard: Guard,
  clock: Clock,
  signal: AbortSignal,
): Promise<Sight> {
  try {
    await guard();
    const { applied, before } = await effect.probe(signal);
    await record.started(effect, before);
    if (!applied) {
      await guard();
      await effect.apply(signal);
    }
    const sight = await settle(effect, clock, signal);
    await record.done(effect, sight, applied);
    return sight;
  } catch (error) {
    // An interruption leaves the effect unknown: the next run probes it.
    if (!signal.aborted) await record.failed(effect, error);
    throw error;
  }
}
