import { messageOf } from '../../base/errors.ts';
import type { ReadCohort, WatchReading } from '../../judge/watching.ts';
import type { Crash } from '../candidate-slot.ts';
import type { CheckContext } from '../kind.ts';
import { attempt, type Measured } from '../unmeasured.ts';
import { driftOf } from './flag-drift.ts';
import { lookAtSlots } from './look-at-slots.ts';
import type { WatchPlan } from './plan.ts';

/** Everything that one look saw. */
export interface SeenLook {
  readonly reading: WatchReading;
  /** Set when the candidate's slot ended by itself. */
  readonly crash: Crash | null;
  /** Why probes could not be sent; null when they were, or none are wanted. */
  readonly probeProblem: string | null;
}

/** Which look it is. Milliseconds; `at` and `since` since the epoch. */
export interface LookTime {
  /** Until when it counts, for both cohorts alike. */
  readonly at: number;
  readonly elapsedMs: number;
  /** From when on a source with history counts. */
  readonly since: number;
}

const cohortOf = (read: Measured<Exclude<ReadCohort, { error: string }>>): ReadCohort =>
  'value' in read ? read.value : { error: messageOf(read.error) };

/** The flag as clients get it: what is wrong with it, or why it could not be read. */
async function lookAtFlag(
  { flag }: WatchPlan,
  { services, signal }: CheckContext,
): Promise<Pick<WatchReading, 'drift' | 'flagError'>> {
  if (flag === null) return {};
  const seen = await attempt(signal, async () =>
    (await services.flags()).seen(flag.name, flag.environment, signal),
  );
  if ('error' in seen) return { flagError: messageOf(seen.error) };
  const drift = driftOf(flag, seen.value);
  return drift === null ? {} : { drift };
}

/** Reads everything at once: both cohorts up to the same moment, the slots, the flag. */
export async function takeLook(
  plan: WatchPlan,
  context: CheckContext,
  { at, elapsedMs, since }: LookTime,
): Promise<SeenLook> {
  const { environment, control } = plan;
  const { services, signal, facts } = context;
  const read = async (build: string) => {
    const query = { environment, build, since, until: at };
    return cohortOf(
      await attempt(signal, async () => (await services.metrics(environment)).read(query, signal)),
    );
  };
  const [candidate, other, slots, flag] = await Promise.all([
    read(facts.candidate),
    control === null ? null : read(control),
    lookAtSlots(plan, context),
    lookAtFlag(plan, context),
  ]);
  const { crash, probes, probeProblem } = slots;
  const asked = Object.keys(probes).length === 0 ? {} : { probes };
  const reading = { at, elapsedMs, candidate, control: other, ...asked, ...flag };
  return { reading, crash, probeProblem };
}
