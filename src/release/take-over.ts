import { hasCode } from '../base/errors.ts';
import type { Engine } from './engine.ts';
import type { EventData } from './events.ts';
import type { TakenFrom } from './lease.ts';
import { foldJournal } from './state.ts';
import type { TakenLeases } from './take-leases.ts';

type Teller = Pick<Engine, 'store' | 'actor'>;

/**
 * Writes into the journal of whoever held the leases that they are another's now. The chain goes on
 * from that entry: a process behind the old journal, however late it wakes up, can add nothing.
 */
export async function tellOvertaken(
  engine: Teller,
  release: string,
  held: TakenLeases['held'],
): Promise<void> {
  const told = new Set<string>();
  for (const { environment, lease } of held) {
    const { takenFrom, fence } = lease;
    if (takenFrom === null || told.has(takenFrom.release)) continue;
    told.add(takenFrom.release);
    if (isOwn(takenFrom, release)) continue;
    await writeOvertaken(engine, takenFrom.release, {
      ...{ by: engine.actor, release, fence, environment },
    });
  }
}

/**
 * Its own journal goes on anyway, of which a rollback takes in the last words that it did not know;
 * and after a crash nobody is left who could write any.
 */
function isOwn({ release, why }: TakenFrom, taking: string): boolean {
  return release === taking && (why === 'dead' || why === 'rollback');
}

async function writeOvertaken(
  { store, actor }: Teller,
  release: string,
  data: EventData['release.overtaken'],
): Promise<void> {
  try {
    const writer = await store.open(release, actor, { overtakes: true });
    try {
      if (foldJournal(release, writer.entries).status === 'ended') return;
      await writer.append('release.overtaken', data);
    } finally {
      await writer.close();
    }
  } catch (error) {
    // It had none yet, or one that nobody goes on with: there is nothing to end.
    if (!hasCode(error, 'RELEASE_UNKNOWN') && !hasCode(error, 'JOURNAL_BROKEN')) throw error;
  }
}
