import type { EdgeTraffic, Target } from './state.ts';

/** The slot that answers a request, and as which cohort. */
export interface Choice {
  readonly target: Target;
  readonly cohort: 'stable' | 'candidate';
}

/**
 * Stable unless this session is the candidate's and there is a candidate. A candidate never stands
 * in for a missing stable slot: nobody outside the canary is sent to an unproven build.
 */
export function choose(traffic: EdgeTraffic, isCandidate: () => boolean): Choice | null {
  if (traffic.candidate !== null && isCandidate()) {
    return { target: traffic.candidate, cohort: 'candidate' };
  }
  return traffic.stable === null ? null : { target: traffic.stable, cohort: 'stable' };
}
