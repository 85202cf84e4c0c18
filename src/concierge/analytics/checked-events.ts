import { type EventProblem, problemOf } from './catalogue.ts';
import type { AnalyticsEvent, EventSink } from './events.ts';

/**
 * Lets only events through that fit the catalogue. A bad one is left out and told of; whoever emitted
 * it goes on: no customer's request fails for the sake of analytics.
 */
export class CheckedEvents implements EventSink {
  readonly #sink: EventSink;
  readonly #onInvalid: (problem: EventProblem) => void;

  constructor(sink: EventSink, onInvalid: (problem: EventProblem) => void) {
    this.#sink = sink;
    this.#onInvalid = onInvalid;
  }

  emit(event: AnalyticsEvent): void {
    const problem = problemOf(event);
    if (problem === null) this.#sink.emit(event);
    else this.#onInvalid(problem);
  }

  close(): Promise<void> {
    return this.#sink.close();
  }
}
