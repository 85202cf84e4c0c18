import type { Plan } from '../plan/plan.ts';
import type { JournalEntry } from '../release/events.ts';
import type { ReleaseState } from '../release/state.ts';
import { createLiveRenderer } from './live.ts';
import { createPlainRenderer } from './plain.ts';
import type { Terminal } from './terminal.ts';

/** A stream that a renderer may write to: `process.stdout`, or a test's own. */
export type Screen = NodeJS.WritableStream & {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/** Shows a release while it happens. Both kinds tell the same facts. */
export interface Renderer {
  /** Takes the next journal entry. Never throws, never waits. */
  entry(entry: JournalEntry): void;
  /** Leaves the screen to a question: what is redrawn in place comes to rest until the next entry. */
  rest(): Promise<void>;
  /**
   * Finishes what is on the screen, gives the cursor back and says what comes next. May be called at
   * any moment, also after Ctrl-C and more than once; a later entry opens the view again.
   */
  end(): Promise<void>;
}

/** What a renderer is made from. */
export interface RendererOptions {
  readonly stdout: Screen;
  readonly stderr: Screen;
  /** See `describeTerminal`. */
  readonly terminal: Terminal;
  readonly plan: Plan;
  /** The release as it stood before the first entry, when it is resumed. */
  readonly initial?: ReleaseState;
  /** Plain lines begin with the time of their entry, UTC. */
  readonly timestamps?: boolean;
  readonly now?: () => number;
}

/** The live list on a terminal, plain lines everywhere else. */
export function createRenderer(options: RendererOptions): Renderer {
  return options.terminal.live ? createLiveRenderer(options) : createPlainRenderer(options);
}
