import type { DeployDriver, SlotStatus } from '../../src/deploy/driver.ts';
import { Later, type Prepared } from '../../src/services/change.ts';
import type { FlagsService } from '../../src/services/flags/flags.ts';

/** A change of a world in memory: `words` stand where a request's path would. */
export function inMemory<T>(words: string, send: (signal: AbortSignal) => Promise<T>): Prepared<T> {
  const url = `memory:${words}`;
  return {
    changes: [{ via: 'http', service: 'memory', method: 'POST', url, headers: {} }],
    send,
  };
}

/** Preparations of a driver in memory, over the methods that it has anyway. */
export function driverInMemory(
  driver: Pick<DeployDriver, 'start' | 'stop' | 'route'>,
): DeployDriver['prepare'] {
  return {
    start: (order) => {
      const url = new Later(`the address of ${order.slot}`);
      const send = async (signal: AbortSignal): Promise<SlotStatus> => {
        const status = await driver.start(order, signal);
        url.settle(status.url);
        return status;
      };
      const slot = { slot: order.slot, state: 'ready', url } as const;
      return { ...inMemory(`start/${order.slot}`, send), slot };
    },
    stop: (slot) => inMemory(`stop/${slot}`, (signal) => driver.stop(slot, signal)),
    route: (_slots, traffic) =>
      inMemory(`route/${traffic.stable}/${traffic.candidate}`, (signal) =>
        driver.route(traffic, signal),
      ),
  };
}

/** Preparations of a flag service in memory, over the methods that it has anyway. */
export function flagsInMemory(
  flags: Pick<FlagsService, 'enable' | 'disable' | 'setCohort' | 'removeCohort'>,
): FlagsService['prepare'] {
  return {
    enable: ({ name, environment, enabled }) =>
      enabled ? [] : [inMemory(`on/${name}`, (signal) => flags.enable(name, environment, signal))],
    disable: (names, environment) => [
      inMemory(`off/${names.join('+')}`, (signal) => flags.disable(names, environment, signal)),
    ],
    setCohort: ({ name, environment }, cohort) => [
      inMemory(`cohort/${name}/${cohort.name}/${cohort.percent}`, (signal) =>
        flags.setCohort(name, environment, cohort, signal),
      ),
    ],
    removeCohort: ({ name, environment, strategies }, cohort) =>
      strategies.some((s) => s.cohort === cohort)
        ? [
            inMemory(`uncohort/${name}/${cohort}`, (signal) =>
              flags.removeCohort(name, environment, cohort, signal),
            ),
          ]
        : [],
  };
}
