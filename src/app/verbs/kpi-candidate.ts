import { isoTime } from '../../base/clock.ts';
import { AuroraError, hasCode } from '../../base/errors.ts';
import type { Baseline } from '../../checks/kpi-baseline.ts';
import { foldJournal, type ReleaseState } from '../../release/state.ts';
import type { ReleaseStore } from '../../release/store.ts';
import { latestRelease } from '../latest.ts';

async function newest(store: Pick<ReleaseStore, 'list' | 'read'>): Promise<ReleaseState | null> {
  try {
    const id = await latestRelease(store);
    return foldJournal(id, await store.read(id));
  } catch (error) {
    // No release yet, or one whose journal is broken: nothing of it can be told.
    if (hasCode(error, 'RELEASE_UNKNOWN') || hasCode(error, 'JOURNAL_BROKEN')) return null;
    throw error;
  }
}

/**
 * A baseline that holds customers of a candidate would compare it with itself. RELEASE_STATE when the
 * newest release has not ended and its candidate's events are among those that were measured.
 */
export async function refuseOpenCandidate(
  baseline: Baseline,
  store: Pick<ReleaseStore, 'list' | 'read'>,
): Promise<void> {
  const state = await newest(store);
  if (state === null || state.ended !== null || state.build === null) return;
  const { digest } = state.build;
  const own = baseline.builds.find(({ build }) => build === digest);
  if (own === undefined) return;
  const { deployedAt } = state.facts;
  const before = deployedAt === undefined ? '<before it>' : isoTime(deployedAt);
  throw new AuroraError(
    'RELEASE_STATE',
    `these seven days hold ${own.events} events of the candidate of ${state.id}, which has not ended`,
    {
      remedy: `Take the seven days before it: \`aurora kpi baseline --until ${before}\`. Or end the release first.`,
    },
  );
}
