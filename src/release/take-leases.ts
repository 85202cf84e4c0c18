import type { EnvironmentName } from '../base/environments.ts';
import type { Engine } from './engine.ts';
import { type Lease, leaseOrder } from './lease.ts';
import { acquireAs, type WhenHeld } from './when-held.ts';

/** The right to change both environments. */
export interface TakenLeases {
  readonly held: readonly { readonly environment: EnvironmentName; readonly lease: Lease }[];
  /** Throws LEASE_LOST when somebody raised the fence of one of them. */
  readonly check: () => Promise<void>;
  /** Gives all back. One that cannot be given back runs out by itself. */
  readonly drop: () => Promise<void>;
}

/** Takes the right to change both environments; gives back what it took when it cannot. */
export async function takeLeases(
  engine: Pick<Engine, 'leases' | 'actor' | 'signal'>,
  release: string,
  when?: WhenHeld,
): Promise<TakenLeases> {
  const held: { environment: EnvironmentName; lease: Lease }[] = [];
  const drop = async () => {
    for (const { lease } of held) await lease.release().catch(() => undefined);
  };
  const check = async () => {
    await Promise.all(held.map(({ lease }) => lease.check()));
  };
  const { leases, actor, signal } = engine;
  try {
    for (const environment of leaseOrder) {
      const wanted = { environment, release, actor, signal };
      const lease = await acquireAs(leases, wanted, when);
      held.push({ environment, lease });
    }
    return { held, check, drop };
  } catch (error) {
    await drop();
    throw error;
  }
}
