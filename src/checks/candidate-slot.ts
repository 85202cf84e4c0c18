import type { EnvironmentName } from '../base/environments.ts';
import type { SlotStatus } from '../deploy/driver.ts';
import type { CheckResult } from './check.ts';
import type { CheckContext } from './kind.ts';

/** A slot that ended by itself. */
export interface Crash {
  readonly slot: string;
  readonly ended: string;
  readonly lastLines: readonly string[];
}

/** Whether the candidate's slot ended by itself: seen in what the host reports. */
export function crashIn(
  slots: readonly SlotStatus[],
  environment: EnvironmentName,
  facts: CheckContext['facts'],
): Crash | null {
  const name = facts.slots[environment];
  const found = slots.find(
    (status) =>
      status.environment === environment &&
      status.state === 'failed' &&
      (name === undefined ? status.build === facts.candidate : status.slot === name),
  );
  if (found === undefined) return null;
  return { slot: found.slot, ended: found.ended ?? 'ended', lastLines: found.lastLines };
}

/** The result of a watch whose slot crashed: it acts at once. */
export function crashResult(
  what: Pick<CheckResult, 'id' | 'title' | 'expected'>,
  { slot, ended, lastLines }: Crash,
): CheckResult {
  const last = lastLines.at(-1);
  return {
    ...what,
    status: 'fail',
    band: 'red',
    catastrophe: true,
    observed: `the ${slot} slot crashed: ${ended}${last === undefined ? '' : `; last line: ${last}`}`,
    remedy: 'Read the last lines of its log in the evidence; this build must not serve anybody.',
    evidence: { slot, ended, lastLines },
  };
}
