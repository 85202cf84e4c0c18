import { hasCode, messageOf } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { canonicalJson } from '../proof/canonical.ts';
import type { Engine } from './engine.ts';
import type { JournalEntry } from './events.ts';
import { putAside, type Rescued, readRescued, rescuedFiles } from './rescue-files.ts';
import type { JournalWriter, ReleaseStore } from './store.ts';

/** What must be the same of an entry that was kept aside and of the one it became. */
function gist({ type, data, at, actor }: JournalEntry): string {
  return canonicalJson({ type, data, at, actor } as unknown as Json);
}

/**
 * How many of these entries a merge has brought into the journal already that broke off; undefined
 * when none has begun.
 */
function mergedBefore(
  journal: readonly JournalEntry[],
  { path }: Rescued,
  kept: readonly JournalEntry[],
): number | undefined {
  const begun = journal.findLastIndex(
    (entry) => entry.type === 'rescue.merged' && entry.data.path === path,
  );
  if (begun === -1) return undefined;
  const after = journal.slice(begun + 1, begun + 1 + kept.length);
  const same = after.every((entry, index) => {
    const one = kept[index];
    return one !== undefined && gist(entry) === gist(one);
  });
  return same ? after.length : undefined;
}

async function merge(writer: JournalWriter, file: Rescued): Promise<void> {
  const kept = await readRescued(file.path);
  const { path } = file;
  const done = mergedBefore(writer.entries, file, kept);
  if (done === undefined) await writer.append('rescue.merged', { entries: kept.length, path });
  for (const { type, data, at, actor } of kept.slice(done ?? 0)) {
    await writer.append(type, data, { at, actor });
  }
  await putAside(path, writer.entries.at(-1)?.seq ?? 0);
}

/** The journal of a release; a new one for a rollback that found no store to write to. */
async function openOrCreate(
  store: ReleaseStore,
  release: string,
  actor: string,
): Promise<JournalWriter> {
  try {
    return await store.open(release, actor, { overtakes: true });
  } catch (error) {
    if (!hasCode(error, 'RELEASE_UNKNOWN')) throw error;
    return store.create(release, actor);
  }
}

/**
 * Brings entries into their journals that were kept aside while the store could not be written, with
 * the time and the actor that they had. Called by whoever holds the leases, so that nobody else
 * writes there. Never throws: what could not be merged stays where it is, and is told.
 */
export async function mergeRescued(
  { store, stateDirectory, actor }: Pick<Engine, 'store' | 'stateDirectory' | 'actor'>,
  wanted: (release: string) => boolean = () => true,
): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const file of await rescuedFiles(stateDirectory)) {
    if (!wanted(file.release)) continue;
    try {
      const writer = await openOrCreate(store, file.release, actor);
      await merge(writer, file).finally(() => writer.close());
      notes.push(`entries kept in ${file.path} are in the journal of ${file.release} now`);
    } catch (error) {
      notes.push(`entries kept in ${file.path} could not be merged: ${messageOf(error)}`);
    }
  }
  return notes;
}
