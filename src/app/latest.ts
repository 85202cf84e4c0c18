import { AuroraError } from '../base/errors.ts';
import type { ReleaseStore } from '../release/store.ts';

/** Whether it is a release or a rollback, not acts outside of one; a broken one counts, to be told. */
async function isRelease(store: Pick<ReleaseStore, 'list' | 'read'>, id: string): Promise<boolean> {
  try {
    const entries = await store.read(id);
    return entries.some(({ type }) => type === 'release.created' || type === 'rollback.started');
  } catch {
    return true;
  }
}

/**
 * The newest release or rollback; single acts (a first deploy, flags given back) only when there is
 * no other. RELEASE_UNKNOWN when there is nothing.
 */
export async function latestRelease(store: Pick<ReleaseStore, 'list' | 'read'>): Promise<string> {
  const newestFirst = [...(await store.list())].reverse();
  for (const id of newestFirst) {
    if (await isRelease(store, id)) return id;
  }
  const [newest] = newestFirst;
  if (newest !== undefined) return newest;
  throw new AuroraError('RELEASE_UNKNOWN', 'there is no release yet', {
    remedy: 'Start one with `aurora release <build>`.',
  });
}
