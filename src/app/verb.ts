import type { Command } from 'commander';
import type { ExitCode } from '../base/exit-codes.ts';
import type { Io } from './io.ts';

/** What a command file gets: the streams, and a way to say how its verb ended. */
export interface App {
  readonly io: Io;
  /** Runs a verb; its exit code becomes the process's. Errors go on to the one exit point. */
  act(verb: () => Promise<ExitCode>): Promise<void>;
}

/** What every file in commands/ exports. */
export type Register = (program: Command, app: App) => void;
