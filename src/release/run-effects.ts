import type { EnvironmentName } from '../base/environments.ts';
import type { BuildAtHand } from '../effects/effect.ts';
import { createEffect } from '../effects/registry.ts';
import { runEffect } from '../effects/runner.ts';
import type { MoveParams } from '../plan/plan.ts';
import type { Engine } from './engine.ts';
import { recordError } from './recorded-error.ts';
import { releaseId } from './release-id.ts';
import { ReleaseLog } from './release-log.ts';
import { acquired, takeRight } from './right-to-act.ts';
import { effectContext, journalRecord } from './run-context.ts';
import type { ReleaseState } from './state.ts';
import { tellOvertaken } from './take-over.ts';

/** Acts outside the nine steps are written down under step 0. */
const outsideSteps = 0;

/** Acts to carry out, with what they are for. */
export interface EffectsOrder {
  /** A word for the journal's name: `deploy-1.3.0`. */
  readonly label: string;
  readonly environment: EnvironmentName;
  readonly candidate: BuildAtHand | null;
  readonly effects: readonly { readonly kind: string; readonly params: MoveParams }[];
  /** What is done before the effects, with the lease held: migrations. */
  readonly before?: () => Promise<void>;
  /** What is done after them, with the lease held: word in another journal. */
  readonly after?: () => Promise<void>;
}

/**
 * Carries out effects outside a release - a first deploy, flags switched on again - with the same
 * runner, lease and journal as a release.
 */
export async function runEffects(engine: Engine, order: EffectsOrder): Promise<ReleaseState> {
  const id = releaseId(engine.clock.now(), order.label);
  const { environment } = order;
  const lease = await engine.leases.acquire(environment, id, engine.actor);
  const held = [{ environment, lease }];
  const right = takeRight(engine, { held, check: () => lease.check() });
  try {
    await tellOvertaken(engine, id, held);
    const writer = await engine.store.create(id, engine.actor);
    const log = new ReleaseLog(writer, engine.onEntry, right.check);
    try {
      await log.append('lease.acquired', acquired(environment, lease, engine.actor));
      await order.before?.();
      const context = effectContext(engine, {
        log,
        candidate: order.candidate,
        reason: '',
        writeDocument: (name, text) => engine.store.writeDocument(id, name, text),
      });
      for (const { kind, params } of order.effects) {
        const effect = createEffect(kind, params, context);
        await runEffect(
          effect,
          journalRecord(log, outsideSteps),
          right.check,
          engine.clock,
          engine.signal,
        );
      }
      await order.after?.();
      await log.append('release.ended', { outcome: 'done', exit: 0, reason: order.label });
      return log.state;
    } catch (error) {
      if (!engine.signal.aborted) {
        await log
          .append('release.failed', { step: null, error: recordError(error) })
          .catch(() => undefined);
      }
      throw error;
    } finally {
      await log.close();
    }
  } finally {
    // One that cannot be given back runs out by itself, and must not hide how the acts went.
    await lease.release().catch(() => undefined);
    right.end();
  }
}
