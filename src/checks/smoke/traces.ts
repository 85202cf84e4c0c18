import type { EnvironmentName } from '../../base/environments.ts';
import type { CheckContext } from '../kind.ts';
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
