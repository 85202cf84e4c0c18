/**
 * Stands before every request that changes something: while armed, the right to act is looked at
 * right before the request goes out. Not armed, it lets everything pass.
 */
export class ChangeGuard {
  #armed: { readonly check: () => Promise<void>; readonly fence: number } | undefined;

  /** From now on `check` comes before every change; when it rejects, the change is not sent. */
  arm(check: () => Promise<void>, fence: number): void {
    this.#armed = { check, fence };
  }

  disarm(): void {
    this.#armed = undefined;
  }

  /** The number that this process holds; null while not armed. */
  get fence(): number | null {
    return this.#armed?.fence ?? null;
  }

  /** Resolves when a change may be sent. Rejects with what the check rejects with: LEASE_LOST. */
  async before(): Promise<void> {
    await this.#armed?.check();
  }
}
