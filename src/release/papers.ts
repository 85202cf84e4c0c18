import { asExitCode } from '../base/exit-codes.ts';
import type { Engine } from './engine.ts';
import type { JournalEntry } from './events.ts';
import { keepDocument } from './keep-document.ts';
import { ReleaseLog } from './release-log.ts';
import type { RunResult } from './run-release.ts';
import type { ReleaseState } from './state.ts';

/** Whether a release has ended, and its process died before the ticket could tell how. */
export function lacksTicket(state: ReleaseState, entries: readonly JournalEntry[]): boolean {
  if (state.created === null || state.ended === null) return false;
  const end = entries.findLastIndex((entry) => entry.type === 'release.ended');
  return !entries
    .slice(end)
    .some((entry) => entry.type === 'document.written' && entry.data.kind === 'ticket');
}

/**
 * Writes the ticket that an ended release lacks. Needs no lease: nothing but the record is changed,
 * and another release may run by now.
 */
export async function finishPapers(engine: Engine, release: string): Promise<RunResult> {
  const writer = await engine.store.open(release, engine.actor);
  const log = new ReleaseLog(writer, engine.onEntry, () => Promise.resolve());
  try {
    const text = engine.documents.ticket(log.state, log.entries);
    await keepDocument(engine.store, log, 'ticket', text);
    const exit = asExitCode(log.state.ended?.exit ?? 1);
    return { release, exit, state: log.state, notes: ['only the ticket was left to be written'] };
  } finally {
    await log.close();
  }
}
