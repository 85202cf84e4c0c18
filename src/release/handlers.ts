import type { EventData, JournalEntry } from './events.ts';
import type { ReleaseState } from './state.ts';

/** What each kind of entry changes; pure. */
export type Handlers = {
  readonly [K in keyof EventData]: (
    state: ReleaseState,
    data: EventData[K],
    entry: JournalEntry,
  ) => ReleaseState;
};
