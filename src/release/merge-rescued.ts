import { hasCode, messageOf } from '../base/errors.ts';
import type { Json } from '../base/json.ts';
import { canonicalJson } from '../proof/canonical.ts';
import type { Engine } from './engine.ts';
import type { JournalEntry } from './events.ts';
import { beginMerge, endMerge, type Rescued, readRescued, rescuedFiles } from './rescue-files.ts';
import type { JournalWriter, ReleaseStore } from './store.ts';

/** What must be the same of an entry that was kept aside and of the one it became. */
function gist({ type, data, at, actor }: JournalEntry): string {
  return canonicalJson({ type, data, at, actor } as unknown as Json);
}

/**
 * Appends what the journal does not have. It may have some of it: of a merge that broke off, or of a
 * write that got through although nobody waited for its answer any more.
 */
async function merge(writer: JournalWriter, rescued: Rescued): Promise<void> {
  const known = new Set(writer.entries.map(gist));
  const kept = await readRescued(await beginMerge(rescued));
  const missing = kept.filter((entry) => !known.has(gist(entry)));
  const { path } = rescued;
  if (missing.length > 0) await writer.append('rescue.merged', { entries: missing.length, path });
  for (const { type, data, at, actor } of missing) await writer.append(type, data, { at, actor });
  await endMerge(rescued, writer.entries.at(-1)?.seq ?? 0);
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
      // What cannot be read stays as it is.
      await readRescued(file.file);
      const writer = await openOrCreate(store, file.release, actor);
      await merge(writer, file).finally(() => writer.close());
      notes.push(`entries kept in ${file.path} are in the journal of ${file.release} now`);
    } catch (error) {
      notes.push(`entries kept in ${file.path} could not be merged: ${messageOf(error)}`);
    }
  }
  return notes;
}
