import { AuroraError } from '../base/errors.ts';
import { foldJournal } from '../release/state.ts';
import type { ReleaseStore } from '../release/store.ts';

/**
 * The newest release or rollback; what was done outside the steps (a first deploy, flags switched
 * on again) is passed over. RELEASE_UNKNOWN when there is none, JOURNAL_BROKEN when the newest
 * cannot be read: an older one would be the wrong one.
 */
export async function latestRelease(store: ReleaseStore): Promise<string> {
  for (const id of [...(await store.list())].reverse()) {
    const state = foldJournal(id, await store.read(id));
    if (state.created !== null || state.rollback !== null) return id;
  }
  throw new AuroraError('RELEASE_UNKNOWN', 'there is no release yet', {
    remedy: 'Start one with `aurora release <build>`.',
  });
}
