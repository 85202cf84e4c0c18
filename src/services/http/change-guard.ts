import type { EnvironmentName } from '../../base/environments.ts';

/** The number of the lease that is held of each environment; left out where none is. */
export type Fences = Readonly<Partial<Record<EnvironmentName, number>>>;

/**
 * Stands before every request that changes something: while armed, the right to act is looked at
 * right before the request goes out. Not armed, it lets everything pass.
 */
export class ChangeGuard {
  #armed: { readonly check: () => Promise<void>; readonly fences: Fences } | undefined;

  /** From now on `check` comes before every change; when it rejects, the change is not sent. */
  arm(check: () => Promise<void>, fences: Fences): void {
    this.#armed = { check, fences };
  }

  disarm(): void {
    this.#armed = undefined;
  }

  /** The number under which this process changes an environment; null where it holds none. */
  fenceOf(environment: EnvironmentName): number | null {
    return this.#armed?.fences[environment] ?? null;
  }

  /** Resolves when a change may be sent. Rejects with what the check rejects with: LEASE_LOST. */
  async before(): Promise<void> {
    await this.#armed?.check();
  }
}
