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

/** What a program reads of an error: one document on stdout, as of any other ending. */
async function documentError(error: unknown, io: Io, exit: ExitCode): Promise<void> {
  const [{ errorContent }, { openOutput }] = await Promise.all([
    import('../report/error-document.ts'),
    import('./output.ts'),
  ]);
  openOutput(io, { json: true }).document('error', errorContent(error, exit));
}

/** Whether the words ask for JSON: an error may come before they are understood. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

/** Tells an error to whoever reads: people on stderr, programs on stdout, the page of a CI run. */
async function tellError(error: unknown, io: Io, argv: readonly string[]): Promise<ExitCode> {
  const exit = error instanceof AuroraError ? error.exitCode : 1;
  const json = wantsJson(argv);
  await showError(error, io, !argv.includes('--no-color'));
  if (json) await documentError(error, io, exit);
  if (io.variables.GITHUB_ACTIONS === 'true') {
    const { annotateError } = await import('./ci-report.ts');
    await annotateError(io, json, error);
  }
  return exit;
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
    if (error instanceof CommanderError && error.code === 'commander.help') {
      const missing = new AuroraError('USAGE', 'a verb is missing');
      if (wantsJson(argv)) await documentError(missing, io, 2);
      return 2;
    }
    return tellError(error instanceof CommanderError ? asUsageError(error, argv) : error, io, argv);
  }
}
