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

/** Every verb by the word that names it, with a way to load its command file. */
export type Verbs = Readonly<Record<string, () => Promise<{ readonly register: Register }>>>;

/** Options of the whole program that take the next word as their value. */
const withValue: ReadonlySet<string> = new Set(['-c', '--config']);

/**
 * The verb that a command line names: its first word that is no option. Undefined when it names none
 * that is known: help, a misspelling, and whatever else needs to see all of them.
 */
export function namedVerb(argv: readonly string[], verbs: Verbs): string | undefined {
  const first = argv.findIndex((word, at) => {
    return !word.startsWith('-') && !withValue.has(argv[at - 1] ?? '');
  });
  const word = argv[first];
  return word !== undefined && !argv.slice(0, first).includes('--') && Object.hasOwn(verbs, word)
    ? word
    : undefined;
}

/** Loads command files: the one of a verb, or every one in the order of the help. */
export async function loadVerbs(verbs: Verbs, only?: string): Promise<readonly Register[]> {
  const loaders = only === undefined ? Object.values(verbs) : [verbs[only]];
  const files = await Promise.all(loaders.map((load) => load?.()));
  return files.flatMap((file) => (file === undefined ? [] : [file.register]));
}
