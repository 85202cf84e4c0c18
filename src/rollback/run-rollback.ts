import type { Clock } from '../base/clock.ts';
import { withDeadline } from '../base/deadline.ts';
import { AuroraError } from '../base/errors.ts';
import type { JsonObject } from '../base/json.ts';
import type { Effect, Sight } from '../effects/effect.ts';
import { settle } from '../effects/runner.ts';
import type { SafetyProof } from './customers-safe.ts';

/** Where a rollback is written down. A record that cannot be kept never stops the rollback. */
export interface RollbackRecord {
  started(effect: Effect, before: JsonObject): Promise<void>;
  done(effect: Effect, sight: Sight, already: boolean): Promise<void>;
  failed(effect: Effect, error: unknown): Promise<void>;
}

/** How a rollback came out. */
export interface RollbackResult {
  readonly complete: boolean;
  /** `title: why`, one for each compensation that failed or could not be seen. */
  readonly failed: readonly { readonly effect: Effect; readonly error: unknown }[];
  readonly proof: SafetyProof;
}

/** What a rollback is made of. */
export interface RollbackOrder {
  /** In order; within a phase everything at once. */
  readonly phases: readonly (readonly Effect[])[];
  readonly record: RollbackRecord;
  /** Looks from outside whether customers are off the candidate. */
  readonly prove: (signal: AbortSignal) => Promise<SafetyProof>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A compensation may take this long; the others go on meanwhile. */
const compensationMs = 40_000;
/** What was there before is nice to know, but nothing to wait for. */
const probeMs = 3_000;

async function lookBefore(effect: Effect, signal: AbortSignal) {
  const deadline = withDeadline(signal, probeMs, effect.title);
  try {
    return await effect.probe(deadline.signal);
  } catch (error) {
    if (signal.aborted) throw error;
    // What cannot be looked at is done all the same: the act itself may well get through.
    return { applied: false, before: {} };
  } finally {
    deadline.done();
  }
}

/** Trouble with keeping the record is not trouble with the act. */
async function keep(writing: Promise<void>): Promise<void> {
  await writing.catch(() => undefined);
}

async function compensate(effect: Effect, order: RollbackOrder): Promise<unknown> {
  const deadline = withDeadline(order.signal, compensationMs, effect.title);
  try {
    const { applied, before } = await lookBefore(effect, deadline.signal);
    await keep(order.record.started(effect, before));
    if (!applied) await effect.apply(deadline.signal);
    const sight = await settle(effect, order.clock, deadline.signal);
    await keep(order.record.done(effect, sight, applied));
    return undefined;
  } catch (error) {
    const reason =
      error instanceof Error
        ? error
        : new AuroraError('EFFECT_FAILED', `${effect.title}: ${String(error)}`);
    await keep(order.record.failed(effect, reason));
    return reason;
  } finally {
    deadline.done();
  }
}

/**
 * Carries out a rollback: phase after phase, every compensation is tried whatever happened to the
 * others, nothing is hidden, and at the end customers' safety is looked at from outside.
 */
export async function runRollback(order: RollbackOrder): Promise<RollbackResult> {
  const failed: { effect: Effect; error: unknown }[] = [];
  for (const phase of order.phases) {
    const errors = await Promise.all(phase.map((effect) => compensate(effect, order)));
    for (const [index, error] of errors.entries()) {
      const effect = phase[index];
      if (error !== undefined && effect !== undefined) failed.push({ effect, error });
    }
  }
  const proof = await order.prove(order.signal);
  return { complete: failed.length === 0 && proof.safe, failed, proof };
}
