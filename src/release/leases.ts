import type { Engine } from './engine.ts';
import type { Lease } from './lease.ts';

/** The order in which every release takes them, so that two never wait for each other. */
const order = ['production', 'staging'] as const;

/** The right to change both environments. */
export interface Leases {
  readonly held: readonly { readonly environment: (typeof order)[number]; readonly lease: Lease }[];
  /** Throws LEASE_LOST when somebody raised the fence of one of them. */
  readonly check: () => Promise<void>;
  /** Gives all back. One that cannot be given back runs out by itself. */
  readonly drop: () => Promise<void>;
}

/** Takes the right to change both environments; gives back what it took when it cannot. */
export async function takeLeases(engine: Engine, release: string): Promise<Leases> {
  const held: { environment: (typeof order)[number]; lease: Lease }[] = [];
  const drop = async () => {
    for (const { lease } of held) await lease.release().catch(() => undefined);
  };
  const check = async () => {
    for (const { lease } of held) await lease.check();
  };
  try {
    for (const environment of order) {
      const lease = await engine.leases.acquire(environment, release, engine.actor);
      held.push({ environment, lease });
    }
    return { held, check, drop };
  } catch (error) {
    await drop();
    throw error;
  }
}
