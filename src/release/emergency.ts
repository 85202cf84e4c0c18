import { messageOf } from '../base/errors.ts';
import type { ExitCode } from '../base/exit-codes.ts';
import type { Engine } from './engine.ts';
import type { JournalEntry } from './events.ts';
import { keepDocument } from './keep-document.ts';
import { releaseId } from './release-id.ts';
import { RescueLog } from './rescue-log.ts';
import { type RollbackWish, rollBack } from './roll-back.ts';
import { foldJournal, type ReleaseState } from './state.ts';
import type { JournalWriter } from './store.ts';

/** How a rollback by hand ended. */
export interface EmergencyResult {
  readonly release: string;
  readonly exit: ExitCode;
  readonly state: ReleaseState;
  readonly entries: readonly JournalEntry[];
  /** What did not work on the way and does not touch the customers. */
  readonly notes: readonly string[];
}

/**
 * The release that production's customers meet: the newest one that got as far as production. One
 * that was rolled back before counts too, so that running a rollback twice never goes back further.
 */
export async function findRelease(
  engine: Engine,
  wanted: string | undefined,
): Promise<{ id: string | null; notes: string[] }> {
  if (wanted !== undefined) return { id: wanted, notes: [] };
  try {
    for (const id of [...(await engine.store.list())].reverse()) {
      const state = foldJournal(id, await engine.store.read(id));
      const reached = state.facts.deployedAt !== undefined && state.outcome !== 'no-go';
      if (reached) return { id, notes: [] };
    }
    return { id: null, notes: [] };
  } catch (error) {
    return {
      id: null,
      notes: [`the journal is not readable, going on without: ${messageOf(error)}`],
    };
  }
}

async function openLog(engine: Engine, found: string | null, notes: string[]): Promise<RescueLog> {
  const about = { listener: engine.onEntry, clock: engine.clock, actor: engine.actor };
  const id = found ?? releaseId(engine.clock.now(), 'rollback');
  let writer: JournalWriter | null = null;
  let entries: readonly JournalEntry[] = [];
  try {
    writer =
      found === null
        ? await engine.store.create(id, engine.actor)
        : await engine.store.open(id, engine.actor, { overtakes: true });
  } catch (error) {
    notes.push(`the journal cannot be written, entries are kept aside: ${messageOf(error)}`);
    entries = found === null ? [] : await engine.store.read(id).catch(() => []);
  }
  return new RescueLog(id, { ...about, writer, entries });
}

/**
 * Rolls production back by hand. Waits for nobody: it raises the fence, so that a release that is
 * still alive can do nothing more, and needs neither lease nor journal to go on.
 */
export async function emergencyRollback(
  engine: Engine,
  wish: RollbackWish,
  release?: string,
): Promise<EmergencyResult> {
  const { id, notes } = await findRelease(engine, release);
  const lease = await engine.leases
    .raise(engine.plan.flags.environment, id ?? 'rollback', engine.actor)
    .catch((error: unknown) => {
      notes.push(`the fence could not be raised: ${messageOf(error)}`);
      return null;
    });
  const log = await openLog(engine, id, notes);
  try {
    const result = await rollBack(engine, log, wish);
    const exit: ExitCode = result.complete ? 0 : 6;
    const outcome = !result.complete
      ? 'rollback-incomplete'
      : id === null
        ? 'rollback-only'
        : 'rolled-back';
    // With no release behind it there is nothing that could still be brought back later.
    if (wish.only === null || id === null) {
      // The verb has done what it was asked to (0); the release itself ended rolled back (5).
      const ended = id !== null && result.complete ? 5 : exit;
      await log.append('release.ended', { outcome, exit: ended, reason: wish.reason });
    }
    if (log.state.created !== null) {
      const text = engine.documents.ticket(log.state, log.entries);
      await keepDocument(engine.store, log, 'ticket', text).catch((error: unknown) =>
        notes.push(`the ticket could not be written: ${messageOf(error)}`),
      );
    }
    if (log.rescuedTo !== null) notes.push(`entries kept in ${log.rescuedTo}`);
    return { release: log.release, exit, state: log.state, entries: log.entries, notes };
  } finally {
    await log.close();
    await lease?.release().catch(() => undefined);
  }
}
