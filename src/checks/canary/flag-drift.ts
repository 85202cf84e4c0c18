import type { EnvironmentName } from '../../base/environments.ts';
import { shortDigest } from '../../proof/digest.ts';
import type { FlagState } from '../../services/flags/flags.ts';
import type { CheckResult } from '../check.ts';

/** The canary flag as the release set it. */
export interface FlagExpected {
  readonly name: string;
  readonly environment: EnvironmentName;
  /** Digest of the build that the candidate's cohort gets. */
  readonly build: string;
  readonly percent: number;
}

const told = (build: string | null, percent: number) =>
  `on, candidate ${build === null ? 'without a build' : shortDigest(build)} at ${percent} %`;

/** How clients see the flag where it is no longer as the release set it; null where it is. */
export function driftOf(expected: FlagExpected, seen: FlagState): string | null {
  if (!seen.enabled) return 'off';
  const found = seen.strategies.find(({ cohort }) => cohort === 'candidate');
  if (found === undefined) return 'on, without a candidate';
  const same = found.build === expected.build && found.percent === expected.percent;
  return same ? null : told(found.build, found.percent);
}

/** The result of a watch under which somebody edited the flag: what came after is another canary. */
export function driftResult(expected: FlagExpected, drift: string, watch: string): CheckResult {
  const { name, environment, build, percent } = expected;
  return {
    id: `${watch}/flag`,
    title: `${name} in ${environment} during the watch`,
    status: 'inconclusive',
    expected: told(build, percent),
    observed: `clients see it ${drift}: somebody edited it`,
    band: 'amber',
    remedy: `Its audit log names who did. Put it back to ${percent} % and watch again, or \`aurora rollback\`.`,
  };
}
