import type { Engine } from '../release/engine.ts';
import type { EntryListener } from '../release/release-log.ts';
import type { ReleaseState } from '../release/state.ts';
import { createRenderer, type Renderer } from '../ui/renderer.ts';
import type { GlobalOptions } from './globals.ts';
import type { Io } from './io.ts';
import { terminalOf } from './output.ts';

/** The screen of a verb that runs a release or a rollback: made when there is something to show. */
export interface Shown {
  /** For the session. */
  readonly listen: (engine: Pick<Engine, 'plan'>) => EntryListener;
  /** What was there before the first entry, when a release is resumed. */
  begin(state: ReleaseState): void;
  /** The release that was shown so far; null before its first entry. */
  release(): string | null;
  /** Leaves the screen to a question, until the next entry. */
  rest(): Promise<void>;
  /** Gives the cursor back; may be called at any time and more than once. */
  end(): Promise<void>;
}

/** Opens the screen. With --json stdout belongs to the document: all this goes to stderr. */
export function openShown(io: Io, options: GlobalOptions): Shown {
  const screen = options.json === true ? io.stderr : io.stdout;
  let renderer: Renderer | undefined;
  let initial: ReleaseState | undefined;
  let release: string | null = null;
  return {
    listen:
      ({ plan }) =>
      (entry) => {
        release = entry.release;
        renderer ??= createRenderer({
          stdout: screen,
          stderr: io.stderr,
          terminal: terminalOf(screen, io, options),
          plan,
          ...(initial === undefined ? {} : { initial }),
        });
        renderer.entry(entry);
      },
    begin: (state) => {
      initial = state;
      release = state.id;
    },
    release: () => release,
    rest: async () => {
      await renderer?.rest();
    },
    end: async () => {
      await renderer?.end();
    },
  };
}
