import { messageOf } from '../base/errors.ts';
import type { ExitCode } from '../base/exit-codes.ts';
import type { Engine } from './engine.ts';
import type { JournalEntry } from './events.ts';
import { keepDocument } from './keep-document.ts';
import { mergeRescued } from './merge-rescued.ts';
import { releaseId } from './release-id.ts';
import { keptText } from './rescue-files.ts';
import { RescueLog } from './rescue-log.ts';
import { acquired, fencesOf } from './right-to-act.ts';
import { type RollbackWish, rollBack } from './roll-back.ts';
import { foldJournal, type ReleaseState } from './state.ts';
import type { JournalWriter } from './store.ts';
import type { TakenLeases } from './take-leases.ts';
import { tellOvertaken } from './take-over.ts';

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
  const { clock, actor, stateDirectory, onEntry: listener } = engine;
  const about = { listener, clock, actor, stateDirectory };
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

/** Raises the number of production; without a store for it, that is noted and nothing more. */
async function raiseFence(
  { leases, plan, actor }: Engine,
  release: string,
  notes: string[],
): Promise<TakenLeases['held']> {
  const { environment } = plan.flags;
  try {
    return [{ environment, lease: await leases.raise(environment, release, actor) }];
  } catch (error) {
    notes.push(`the fence could not be raised: ${messageOf(error)}`);
    return [];
  }
}

/**
 * Writes down whose right was taken: first here, then in the journal of another release that had it.
 * The acts do not wait for that one. Never throws.
 */
async function tellHolder(
  engine: Engine,
  log: RescueLog,
  held: TakenLeases['held'],
  notes: string[],
): Promise<void> {
  for (const { environment, lease } of held) {
    await log.append('lease.acquired', acquired(environment, lease, engine.actor));
  }
  await tellOvertaken(engine, log.release, held).catch((error: unknown) =>
    notes.push(`the release that was overtaken could not be told: ${messageOf(error)}`),
  );
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
  const held = await raiseFence(engine, id ?? 'rollback', notes);
  // Under its own number and held up by nothing: not by a second rollback either.
  engine.changes.arm(() => Promise.resolve(), fencesOf(held));
  if (id !== null) notes.push(...(await mergeRescued(engine, (release) => release === id)));
  const log = await openLog(engine, id, notes);
  const told = tellHolder(engine, log, held, notes);
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
    await told;
    if (log.rescuedTo !== null) notes.push(keptText(log.rescuedTo));
    else notes.push(...(await mergeRescued(engine, (release) => release !== log.release)));
    return { release: log.release, exit, state: log.state, entries: log.entries, notes };
  } finally {
    await told;
    await log.close();
    for (const { lease } of held) await lease.release().catch(() => undefined);
    engine.changes.disarm();
  }
}
