import { Command, type CommanderError, Option } from 'commander';
import { AuroraError } from '../base/errors.ts';
import type { Io } from './io.ts';
import type { App, Register } from './verb.ts';

function emptyProgram(version: string): Command {
  return new Command('aurora')
    .description(
      'Carries out a release plan: measured gates, a canary judge, and a rollback that proves customers are safe.',
    )
    .version(version, '-v, --version', 'the version of aurora')
    .addOption(
      new Option(
        '-c, --config <file>',
        'configuration (default: AURORA_CONFIG, then ./aurora.config.yaml)',
      ),
    )
    .option('--json', 'one JSON document on stdout; everything else on stderr')
    .option('-y, --yes', 'agree to questions beforehand; never stands for an approval')
    .option('--no-color', 'no colour (NO_COLOR does the same)')
    .showSuggestionAfterError()
    .showHelpAfterError(false)
    .exitOverride()
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  aurora stack up                      a whole company on your laptop, to rehearse on',
        '  aurora release 1.4.0                 carry the plan out, step by step',
        '  aurora status --follow               where it stands and who must do what',
        '  aurora rollback --reason "errors"    customers first, then everything else',
        '',
        'Exit codes: 0 done, 2 usage, 3 no-go, 4 hold, 5 rolled back, 6 rollback incomplete, 7 lease held',
      ].join('\n'),
    );
}

/** The command line with these verbs: what `main` runs and, with every one, what the docs describe. */
export function createProgram(
  about: { readonly version: string; readonly verbs: readonly Register[] },
  app: App,
): Command {
  const program = emptyProgram(about.version);
  for (const register of about.verbs) register(program, app);
  return program;
}

/** Commander writes its own texts; its errors become ours. */
export function route(command: Command, io: Io): void {
  command.exitOverride();
  command.configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text),
    outputError: () => undefined,
  });
  for (const child of command.commands) route(child, io);
}

/** What commander found wrong, in our words. */
export function asUsageError(error: CommanderError, argv: readonly string[]): AuroraError {
  const words = error.message.replace(/^error: /, '').replace(/\n\(/, ' (');
  const known = error.code !== 'commander.unknownCommand' && argv[0]?.startsWith('-') === false;
  const verb = known ? ` ${argv[0]}` : '';
  return new AuroraError('USAGE', words, {
    remedy: `\`aurora${verb} --help\` lists what there is.`,
  });
}
