import type { EnvironmentName } from '../../base/environments.ts';
import { AuroraError } from '../../base/errors.ts';
import { type Counts, countsBetween } from '../../judge/counters.ts';
import { firstLookOf } from '../canary/first-look.ts';
import type { CheckContext } from '../kind.ts';

/**
 * What was counted since everybody got the candidate. Counters that begin with the process would
 * hold the canary too, and everything that happened before it: they need the ramp's first look.
 */
export async function countsSinceRamp(
  environment: EnvironmentName,
  context: CheckContext,
): Promise<Counts> {
  const { services, signal, facts } = context;
  const { rampedAt, candidate } = facts;
  if (rampedAt === undefined) {
    throw new AuroraError('RELEASE_STATE', 'not everybody has the candidate yet');
  }
  const metrics = await services.metrics(environment);
  const now = await metrics.read({ environment, build: candidate, since: rampedAt }, signal);
  if (now.since !== undefined) return now;
  const before = firstLookOf(context, 'ramp');
  if (before === null) {
    throw new AuroraError('NO_DATA', 'nothing says what was counted before the ramp', {
      remedy:
        'Let the step that ramps watch with the `ramp` check, or read metrics from a source with history.',
    });
  }
  return countsBetween(before, now);
}
