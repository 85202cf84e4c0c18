import { withDeadline } from '../../base/deadline.ts';
import type { EnvironmentName } from '../../base/environments.ts';
import type { CheckResult } from '../check.ts';
import type { CheckContext } from '../kind.ts';
import { unmeasured } from '../unmeasured.ts';
import type { Shopper } from './identity.ts';

/** Services write events and sessions a little after they answer, so one sweep is not enough. */
const pauseBetween = 300;
const mostSweeps = 5;

/**
 * Removes what a smoke run left in the database, until a sweep that comes after a pause finds
 * nothing more. Takes its own signal: it runs after an abort too.
 */
export async function removeTracesOf(
  environment: EnvironmentName,
  shoppers: readonly Shopper[],
  { services, clock }: Pick<CheckContext, 'services' | 'clock'>,
  signal: AbortSignal,
): Promise<number> {
  const database = await services.database();
  const traces = {
    sessionIds: shoppers.map(({ sessionId }) => sessionId),
    orderNumbers: shoppers.flatMap(({ orderNumber }) => orderNumber ?? []),
  };
  let removed = await database.removeTraces(environment, traces, signal);
  for (let sweep = 1; sweep < mostSweeps; sweep += 1) {
    await clock.sleep(pauseBetween, signal);
    const late = await database.removeTraces(environment, traces, signal);
    if (late === 0) break;
    removed += late;
  }
  return removed;
}

/** Traces that could not be removed are a result of their own; removed ones go without saying. */
export async function cleanUpAfter(
  { id, environment }: { readonly id: string; readonly environment: EnvironmentName },
  shoppers: readonly Shopper[],
  context: Pick<CheckContext, 'services' | 'clock'>,
): Promise<readonly CheckResult[]> {
  // The run itself may have been aborted; what it left behind is removed all the same.
  const deadline = withDeadline(new AbortController().signal, 10_000, 'removal of traces');
  try {
    await removeTracesOf(environment, shoppers, context, deadline.signal);
    return [];
  } catch (error) {
    const title = `traces of this run in ${environment}`;
    const sessions = shoppers.map(({ sessionId }) => sessionId).join(', ');
    const check = { id: `${id}/traces`, title, expected: 'removed' };
    return [{ ...unmeasured(check, error), evidence: { sessions } }];
  } finally {
    deadline.done();
  }
}
