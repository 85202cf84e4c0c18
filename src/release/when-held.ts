import { hasCode } from '../base/errors.ts';
import type { Lease, LeaseRecord } from './lease.ts';
import type { Leases } from './leases.ts';

/** What to do about a lease that a living release holds; without a wish it is LEASE_HELD. */
export type WhenHeld =
  | {
      readonly kind: 'wait';
      /** Milliseconds, of each environment. */
      readonly withinMs: number;
      /** Called when the wait begins, and again for each other holder. */
      readonly onHeld: (held: LeaseRecord) => void;
    }
  | {
      readonly kind: 'take-over';
      /** Asked once for each holder, before anything is taken. */
      readonly confirm: (held: LeaseRecord) => Promise<boolean>;
    };

/** Whose lease is wanted, and for whom. */
export interface Wanted {
  readonly environment: string;
  readonly release: string;
  readonly actor: string;
  readonly signal: AbortSignal;
}

/** Takes a lease as wished. LEASE_HELD when it could not be had so. */
export async function acquireAs(
  leases: Leases,
  wanted: Wanted,
  when: WhenHeld | undefined,
): Promise<Lease> {
  const { environment, release, actor, signal } = wanted;
  if (when?.kind === 'wait') return waitFor(leases, wanted, when);
  if (when?.kind === 'take-over') return takeOver(leases, wanted, when);
  return leases.acquire(environment, release, actor, { signal });
}

async function waitFor(
  leases: Leases,
  { environment, release, actor, signal }: Wanted,
  { withinMs, onHeld }: Extract<WhenHeld, { kind: 'wait' }>,
): Promise<Lease> {
  const { clock } = leases;
  const until = clock.now() + withinMs;
  let told = 0;
  for (;;) {
    const held = await leases.read(environment);
    if (told !== held.fence && leases.lifeOf(held) !== 'free') {
      told = held.fence;
      onHeld(held);
    }
    const left = until - clock.now();
    try {
      // A holder that shows no sign of life for a whole TTL is dead, whatever its clock says.
      return await leases.acquire(environment, release, actor, {
        watch: 'all',
        withinMs: Math.max(0, left),
        signal,
      });
    } catch (error) {
      if (!hasCode(error, 'LEASE_HELD') || left <= 0) throw error;
    }
  }
}

async function takeOver(
  leases: Leases,
  { environment, release, actor, signal }: Wanted,
  { confirm }: Extract<WhenHeld, { kind: 'take-over' }>,
): Promise<Lease> {
  const held = await leases.read(environment);
  const life = leases.lifeOf(held);
  if (life === 'free' || life === 'gone') {
    return leases.acquire(environment, release, actor, { signal });
  }
  if (!(await confirm(held))) throw leases.heldBy(held);
  signal.throwIfAborted();
  return leases.raise(environment, release, actor, 'takeover');
}
