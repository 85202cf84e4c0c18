import type { EnvironmentName } from '../base/environments.ts';
import { messageOf } from '../base/errors.ts';
import type { ExitCode } from '../base/exit-codes.ts';
import type { Engine } from './engine.ts';
import type { JournalEntry } from './events.ts';
import { keepDocument } from './keep-document.ts';
import type { Lease } from './lease.ts';
import { mergeRescued } from './merge-rescued.ts';
import { releaseId } from './release-id.ts';
import { keptText } from './rescue-files.ts';
import { RescueLog } from './rescue-log.ts';
import { acquired, fencesOf } from './right-to-act.ts';
import { type RollbackWish, rollBack } from './roll-back.ts';
import { foldJournal, type ReleaseState } from './state.ts';
import type { JournalWriter } from './store.ts';
import { StoreWait } from './store-wait.ts';
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
    return withoutJournal(error);
  }
}

/** What is known of the release when its store does not tell. */
function withoutJournal(error: unknown): { id: null; notes: string[] } {
  return {
    id: null,
    notes: [`the journal is not readable, going on without: ${messageOf(error)}`],
  };
}

/** Entries of an earlier rollback of it come first. */
async function mergeOwn(engine: Engine, id: string, store: StoreWait): Promise<void> {
  const merging = mergeRescued(engine, (release) => release === id);
  const notes = await store.answer(merging).catch(() => []);
  for (const note of notes) store.notes.push(note);
}

async function openWriter(
  { store, actor }: Engine,
  found: string | null,
  id: string,
): Promise<JournalWriter> {
  return found === null ? store.create(id, actor) : store.open(id, actor, { overtakes: true });
}

async function openLog(engine: Engine, found: string | null, store: StoreWait): Promise<RescueLog> {
  const { clock, actor, stateDirectory, onEntry: listener } = engine;
  const about = { listener, clock, actor, stateDirectory };
  const id = found ?? releaseId(clock.now(), 'rollback');
  try {
    const writer = await store.answer(openWriter(engine, found, id));
    return new RescueLog(id, { ...about, writer, entries: [] });
  } catch (error) {
    store.note('the journal cannot be written, entries are kept aside', error);
    const entries = found === null ? [] : await store.answer(engine.store.read(id)).catch(() => []);
    return new RescueLog(id, { ...about, writer: null, entries });
  }
}

/**
 * Raises the number of production. A store that answers too late raises it all the same, while the
 * rollback is under way; one that does not is noted and nothing more.
 */
async function raiseFence(
  engine: Engine,
  release: string,
  store: StoreWait,
): Promise<TakenLeases['held']> {
  const { environment } = engine.plan.flags;
  const held: { environment: EnvironmentName; lease: Lease }[] = [];
  // Under its own number and held up by nothing: not by a second rollback either.
  const arm = () => engine.changes.arm(() => Promise.resolve(), fencesOf(held));
  const raising = engine.leases.raise(environment, release, engine.actor).then((lease) => {
    held.push({ environment, lease });
    arm();
  });
  arm();
  await store.answer(raising).catch((error: unknown) => {
    store.note('the fence could not be raised', error);
  });
  return held;
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
  const notes: string[] = [];
  const store = new StoreWait(engine.signal, notes);
  const found = await store.answer(findRelease(engine, release)).catch(withoutJournal);
  const { id } = found;
  notes.push(...found.notes);
  const held = await raiseFence(engine, id ?? 'rollback', store);
  if (id !== null) await mergeOwn(engine, id, store);
  const log = await openLog(engine, id, store);
  store.end();
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
