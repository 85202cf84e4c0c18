import { CommanderError } from 'commander';
import { AuroraError } from '../base/errors.ts';
import type { ExitCode } from '../base/exit-codes.ts';
import type { Io } from './io.ts';
import { asUsageError, createProgram, route } from './program.ts';
import { type App, loadVerbs, namedVerb, type Verbs } from './verb.ts';

/** What there is to draw an error with is loaded when there is an error. */
async function showError(error: unknown, io: Io, color: boolean): Promise<void> {
  const [{ writeError }, { createTheme }, { terminalOf }] = await Promise.all([
    import('../ui/error.ts'),
    import('../ui/theme.ts'),
    import('./output.ts'),
  ]);
  writeError(error, createTheme(terminalOf(io.stderr, io, { color })), io.stderr);
}

/** The one exit point: runs the verb that the words name and says how it ended. */
export async function main(
  argv: readonly string[],
  io: Io,
  about: { readonly version: string; readonly verbs: Verbs },
): Promise<ExitCode> {
  let exit: ExitCode = 0;
  const app: App = {
    io,
    act: async (verb) => {
      exit = await verb();
    },
  };
  try {
    const verbs = await loadVerbs(about.verbs, namedVerb(argv, about.verbs));
    const program = createProgram({ version: about.version, verbs }, app);
    route(program, io);
    await program.parseAsync([...argv], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    const known = error instanceof CommanderError ? asUsageError(error, argv) : error;
    await showError(known, io, !argv.includes('--no-color'));
    return known instanceof AuroraError ? known.exitCode : 1;
  }
}
