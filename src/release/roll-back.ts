import { messageOf } from '../base/errors.ts';
import type { Effect } from '../effects/effect.ts';
import { createEffect } from '../effects/registry.ts';
import { proveCustomersSafe } from '../rollback/customers-safe.ts';
import { impossible } from '../rollback/impossible.ts';
import { type RollbackRecord, type RollbackResult, runRollback } from '../rollback/run-rollback.ts';
import type { Engine } from './engine.ts';
import type { EventData, EventType } from './events.ts';
import { keepDocument } from './keep-document.ts';
import { recordError } from './recorded-error.ts';
import type { ReleaseLog } from './release-log.ts';
import type { RescueLog } from './rescue-log.ts';
import { effectContext } from './run-context.ts';

/** A log that a rollback can be written to. */
export type RollbackLog = Pick<RescueLog | ReleaseLog, 'state' | 'entries'> & {
  append<T extends EventType>(type: T, data: EventData[T]): Promise<void>;
};

/** What a rollback is to do. */
export interface RollbackWish {
  readonly reason: string;
  readonly only: 'flags' | null;
}

function recordOf(log: RollbackLog): RollbackRecord {
  const name = (effect: Effect) => ({ key: effect.key, title: effect.title });
  return {
    started: (effect, before) => log.append('compensation.started', { ...name(effect), before }),
    done: (effect, sight, already) =>
      log.append('compensation.done', {
        ...name(effect),
        already,
        expected: sight.expected,
        observed: sight.observed,
      }),
    failed: (effect, error) =>
      log.append('compensation.failed', { ...name(effect), error: recordError(error) }),
  };
}

/** The compensations of the plan, by phase; `only: flags` is its first phase. */
export function rollbackEffects(
  engine: Engine,
  log: RollbackLog,
  wish: RollbackWish,
): readonly (readonly Effect[])[] {
  const { candidate } = log.state.facts;
  const build = log.state.build;
  const context = effectContext(engine, {
    log,
    // Only its name is needed here: a rollback must not depend on the build store.
    candidate: build === null || candidate === '' ? null : { ...build, directory: '' },
    reason: wish.reason,
    // The incident note is the one document that an act of a rollback writes.
    writeDocument: (_name, text) => keepDocument(engine.store, log, 'incident-note', text),
  });
  const phases = wish.only === 'flags' ? engine.plan.rollback.slice(0, 1) : engine.plan.rollback;
  return phases.map((phase) =>
    phase.map(({ kind, params }) => {
      try {
        return createEffect(kind, params, context);
      } catch (error) {
        return impossible(kind, error);
      }
    }),
  );
}

/** Rolls production back and writes all of it down. */
export async function rollBack(
  engine: Engine,
  log: RollbackLog,
  wish: RollbackWish,
): Promise<RollbackResult> {
  await log.append('rollback.started', wish);
  const { candidate } = log.state.facts;
  const view = engine.environments[engine.plan.flags.environment];
  const about = {
    candidate: candidate === '' ? null : candidate,
    mayAnswer: wish.only === 'flags' && log.state.facts.rampedAt !== undefined,
  };
  const result = await runRollback({
    phases: rollbackEffects(engine, log, wish),
    record: recordOf(log),
    prove: (signal) => proveCustomersSafe(view, about, engine.clock, signal),
    clock: engine.clock,
    signal: engine.signal,
  });
  await log.append('rollback.ended', {
    complete: result.complete,
    failed: result.failed.map(({ effect, error }) => `${effect.title}: ${messageOf(error)}`),
    customersSafe: result.proof.safe,
    proof: result.proof.lines,
  });
  return result;
}
