import { unlessAborted, withDeadline } from '../base/deadline.ts';
import { messageOf } from '../base/errors.ts';

/** How long customers wait for a store that does not answer, all in all. */
const patienceMs = 3_000;

/** The time that the store of releases has, before a rollback goes on without it. */
export class StoreWait {
  readonly #deadline: ReturnType<typeof withDeadline>;

  constructor(
    signal: AbortSignal,
    /** What people are told at the end. */
    readonly notes: string[],
  ) {
    this.#deadline = withDeadline(signal, patienceMs, 'the store of releases');
  }

  /** The answer, or a rejection when the time is over: SERVICE_UNREACHABLE. The work goes on unseen. */
  answer<T>(work: Promise<T>): Promise<T> {
    return unlessAborted(work, this.#deadline.signal);
  }

  note(what: string, error: unknown): void {
    this.notes.push(`${what}: ${messageOf(error)}`);
  }

  end(): void {
    this.#deadline.done();
  }
}
