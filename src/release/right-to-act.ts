import { setMaxListeners } from 'node:events';
import { unlessAborted } from '../base/deadline.ts';
import type { EnvironmentName } from '../base/environments.ts';
import { hasCode } from '../base/errors.ts';
import type { Fences } from '../services/http/change-guard.ts';
import type { Engine } from './engine.ts';
import type { EventData } from './events.ts';
import type { Lease } from './lease.ts';
import type { TakenLeases } from './take-leases.ts';

/** A lease that cannot be read holds up each change of a rollback for no longer. */
const patienceMs = 1_000;

/** What this process may do by its leases. It stands before every entry and every change. */
export interface RightToAct {
  /** Throws LEASE_LOST when somebody took over, from then on always; else what a look threw. */
  readonly check: () => Promise<void>;
  /** Aborts with LEASE_LOST as soon as one of the leases is seen to be lost. */
  readonly lost: AbortSignal;
  /**
   * From now on only a lease that is known to be lost holds changes up: one that cannot be read
   * keeps no customer on a red build. Throws LEASE_LOST when it is lost already.
   */
  goOnRegardless(): Promise<void>;
  /** Nothing is changed any more. Once the right was lost, nothing ever is. */
  end(): void;
}

/** What the journal keeps of a lease that was taken. */
export function acquired(
  environment: EnvironmentName,
  { fence, takenFrom }: Lease,
  holder: string,
): EventData['lease.acquired'] {
  return { environment, fence, holder, ...(takenFrom === null ? {} : { takenFrom }) };
}

/** The numbers of the leases that are held. */
export function fencesOf(held: TakenLeases['held']): Fences {
  return Object.fromEntries(held.map(({ environment, lease }) => [environment, lease.fence]));
}

/** Puts the leases before everything that is changed from now on. */
export function takeRight(
  { changes }: Pick<Engine, 'changes'>,
  leases: Pick<TakenLeases, 'held' | 'check'>,
): RightToAct {
  const fences = fencesOf(leases.held);
  let lost: unknown;
  const check = async () => {
    if (lost !== undefined) throw lost;
    try {
      await leases.check();
    } catch (error) {
      if (hasCode(error, 'LEASE_LOST')) lost = error;
      throw error;
    }
  };
  const unlessLost = async () => {
    await unlessAborted(check(), AbortSignal.timeout(patienceMs)).catch(() => undefined);
    if (lost !== undefined) throw lost;
  };
  changes.arm(check, fences);
  const signal = AbortSignal.any(leases.held.map(({ lease }) => lease.lost));
  setMaxListeners(0, signal);
  return {
    check,
    lost: signal,
    goOnRegardless: () => {
      changes.arm(unlessLost, fences);
      return unlessLost();
    },
    end: () => {
      if (lost === undefined) changes.disarm();
    },
  };
}
