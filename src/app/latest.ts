import { AuroraError } from '../base/errors.ts';
import type { ReleaseStore } from '../release/store.ts';

/** The newest release. RELEASE_UNKNOWN when there is none. */
export async function latestRelease(store: ReleaseStore): Promise<string> {
  const newest = (await store.list()).at(-1);
  if (newest !== undefined) return newest;
  throw new AuroraError('RELEASE_UNKNOWN', 'there is no release yet', {
    remedy: 'Start one with `aurora release <build>`.',
  });
}
