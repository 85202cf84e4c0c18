import type { Clock } from '../base/clock.ts';
import { unlessAborted, withDeadline } from '../base/deadline.ts';
import { AuroraError, messageOf } from '../base/errors.ts';
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
  readonly limits?: RollbackLimits;
}

/** Milliseconds. */
export interface RollbackLimits {
  /** A compensation may take this long; the others of its phase go on meanwhile. */
  readonly compensationMs: number;
  /** What was there before is nice to know, but nothing to wait for. */
  readonly probeMs: number;
}

const usualLimits: RollbackLimits = { compensationMs: 40_000, probeMs: 3_000 };

async function lookBefore(effect: Effect, probeMs: number, signal: AbortSignal) {
  const deadline = withDeadline(signal, probeMs, effect.title);
  try {
    return await unlessAborted(effect.probe(deadline.signal), deadline.signal);
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
  const { compensationMs, probeMs } = order.limits ?? usualLimits;
  const deadline = withDeadline(order.signal, compensationMs, effect.title);
  const { signal } = deadline;
  try {
    const { applied, before } = await lookBefore(effect, probeMs, signal);
    await keep(order.record.started(effect, before));
    // An act that does not heed its signal is left behind: the next phase must not wait for it.
    if (!applied) await unlessAborted(effect.apply(signal), signal);
    const sight = await unlessAborted(settle(effect, order.clock, signal), signal);
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

/** What could not be looked at is not safe; an interruption is no look at all. */
async function prove(order: RollbackOrder): Promise<SafetyProof> {
  try {
    return await order.prove(order.signal);
  } catch (error) {
    order.signal.throwIfAborted();
    return { safe: false, lines: [`customers could not be looked at: ${messageOf(error)}`] };
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
  const proof = await prove(order);
  return { complete: failed.length === 0 && proof.safe, failed, proof };
}
