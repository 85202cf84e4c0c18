import { join } from 'node:path';
import type { CheckContext } from '../checks/kind.ts';
import type { BuildAtHand, EffectContext } from '../effects/effect.ts';
import type { EffectRecord } from '../effects/runner.ts';
import type { Engine } from './engine.ts';
import { looksOf } from './looks.ts';
import { recordError } from './recorded-error.ts';
import type { ReleaseLog } from './release-log.ts';
import type { RightToAct } from './right-to-act.ts';
import type { OwnerTelling } from './tell-owner.ts';

/** A release on its way: the engine with its journal and its build. */
export interface Run {
  readonly engine: Engine;
  readonly log: ReleaseLog;
  readonly candidate: BuildAtHand;
  /** Throws LEASE_LOST when this process may not act any more. */
  readonly guard: () => Promise<void>;
  /** By which it acts. */
  readonly right: RightToAct;
  /**
   * Aborts on Ctrl-C, when somebody wishes the release to stop, and when somebody took over. What measures and waits goes by
   * it; acts and rollbacks go by the engine's own, which no wish ends.
   */
  readonly signal: AbortSignal;
  /** Owners hear of their steps. */
  readonly telling: OwnerTelling;
}

/**
 * Called once a gate is red: from here on neither a full disk nor a lease that cannot be read keeps
 * customers on the candidate. Throws LEASE_LOST when somebody took over: a rollback is theirs then.
 */
export async function goOnRegardless({ engine, log, right }: Run): Promise<void> {
  await right.goOnRegardless();
  log.goOnRegardless(engine);
}

/** What the checks of a step may use. */
export function checkContext(run: Run, step: number): CheckContext {
  const { engine, log } = run;
  return {
    clock: engine.clock,
    signal: run.signal,
    environments: engine.environments,
    services: engine.services,
    facts: log.state.facts,
    timeScale: engine.timeScale,
    checklists: engine.plan.directory,
    stateDirectory: engine.stateDirectory,
    evidence: join(engine.stateDirectory, 'releases', log.state.id, 'evidence'),
    flags: engine.plan.flags,
    looks: () => looksOf(log.entries, step),
    progress: (text, data) => {
      // Progress decides nothing: trouble with writing it shows at the next durable entry.
      log
        .note('watch.progress', data === undefined ? { step, text } : { step, text, data })
        .catch(() => undefined);
    },
  };
}

/** What the effects of a release or a rollback may use. */
export function effectContext(
  engine: Engine,
  about: {
    readonly log: Pick<ReleaseLog, 'state' | 'entries'>;
    readonly candidate: BuildAtHand | null;
    readonly reason: string;
    readonly writeDocument: EffectContext['writeDocument'];
  },
): EffectContext {
  return {
    clock: engine.clock,
    signal: engine.signal,
    environments: engine.environments,
    services: engine.services,
    facts: () => about.log.state.facts,
    timeScale: engine.timeScale,
    checklists: engine.plan.directory,
    stateDirectory: engine.stateDirectory,
    candidate: about.candidate,
    flags: engine.plan.flags,
    slotEnv: engine.slotEnv,
    findBuild: (digest) => engine.builds.byDigest(digest),
    release: about.log.state.id,
    actor: engine.actor,
    reason: about.reason,
    writeDocument: about.writeDocument,
    incidentNote: () => engine.documents.incidentNote(about.log.state, about.log.entries),
  };
}

/** What the effects of a running step may use. */
export function stepEffectContext({ engine, log, candidate }: Run): EffectContext {
  return effectContext(engine, {
    log,
    candidate,
    reason: '',
    writeDocument: (name, text) => engine.store.writeDocument(log.state.id, name, text),
  });
}

/** Writes what the runner of effects tells into the journal, under the running step. */
export function journalRecord(log: ReleaseLog, step: number): EffectRecord {
  const name = (effect: { readonly key: string; readonly title: string }) => ({
    step,
    key: `${step}/${effect.key}`,
    title: effect.title,
  });
  return {
    started: (effect, before) => log.append('effect.started', { ...name(effect), before }),
    done: (effect, sight, already) =>
      log.append('effect.done', {
        ...name(effect),
        already,
        expected: sight.expected,
        observed: sight.observed,
        ...(sight.facts === undefined ? {} : { facts: sight.facts }),
      }),
    failed: (effect, error) =>
      log.append('effect.failed', { ...name(effect), error: recordError(error) }),
  };
}
