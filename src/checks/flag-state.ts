import { z } from 'zod';
import { shortDigest } from '../proof/digest.ts';
import type { FlagState } from '../services/flags/flags.ts';
import type { CheckResult } from './check.ts';
import type { CheckKind } from './kind.ts';
import { oneEnvironment } from './scope.ts';
import { attempt, unmeasured } from './unmeasured.ts';

const params = z.strictObject({
  environment: oneEnvironment,
  flag: z.string().min(1).describe('Name of the flag.'),
  candidatePercent: z
    .number()
    .min(0)
    .max(100)
    .describe('Share of sessions that see the candidate; 0 means that it has no strategy.'),
});
type Params = z.infer<typeof params>;

function describeFlag({ environment, flag, candidatePercent }: Params, candidate: string) {
  const share = `candidate ${shortDigest(candidate)} at ${candidatePercent} %`;
  return {
    id: `flag-state/${environment}/${flag}`,
    title: `${flag} as clients in ${environment} get it`,
    expected: candidatePercent === 0 ? 'on, without a candidate' : `on, ${share}`,
  };
}

function strategyText({ cohort, percent, build, kind }: FlagState['strategies'][number]): string {
  const name = cohort ?? `foreign ${kind}`;
  return `${name}${build === null ? '' : ` ${shortDigest(build)}`} at ${percent} %`;
}

/** Whether clients get the flag as this point of the release wants it. Pure. */
export function assessFlag(wanted: Params, candidate: string, seen: FlagState): CheckResult {
  const found = seen.strategies.find(({ cohort }) => cohort === 'candidate');
  const fits =
    wanted.candidatePercent === 0
      ? found === undefined || found.percent === 0
      : found?.percent === wanted.candidatePercent && found.build === candidate;
  const strategies = seen.strategies.map(strategyText).join(', ') || 'no strategy';
  const passed = seen.enabled && fits;
  return {
    ...describeFlag(wanted, candidate),
    status: passed ? 'pass' : 'fail',
    observed: `${seen.enabled ? 'on' : 'off'}, ${strategies}`,
    ...(passed ? {} : { remedy: 'Find out who else changes this flag: its audit log names them.' }),
  };
}

/** Steps 6 and 8: do clients get the flag with the candidate's share? */
export const flagState: CheckKind<Params> = {
  kind: 'flag-state',
  params,
  describe: ({ flag, environment, candidatePercent }) =>
    `${flag} in ${environment} gives the candidate ${candidatePercent} %`,
  run: async (wanted, { services, signal, facts }) => {
    const seen = await attempt(signal, async () => {
      const flags = await services.flags();
      return flags.seen(wanted.flag, wanted.environment, signal);
    });
    return [
      'error' in seen
        ? unmeasured(describeFlag(wanted, facts.candidate), seen.error)
        : assessFlag(wanted, facts.candidate, seen.value),
    ];
  },
};
