/** One thing that arrived. */
export interface Received {
  readonly kind: 'slack' | 'pagerduty' | 'email' | 'silence';
  /** ISO 8601. */
  readonly at: string;
  readonly body: unknown;
}

/** The oldest ones give way beyond this. */
const mostKept = 1_000;

/** Everything that arrived, in its order. */
export class Inbox {
  readonly #now: () => number;
  #items: Received[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  get items(): readonly Received[] {
    return this.#items;
  }

  add(kind: Received['kind'], body: unknown): void {
    this.#items.push({ kind, at: new Date(this.#now()).toISOString(), body });
    if (this.#items.length > mostKept) this.#items = this.#items.slice(-mostKept);
  }

  clear(): void {
    this.#items = [];
  }
}
