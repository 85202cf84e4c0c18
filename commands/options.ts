import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../src/base/duration.ts';
import { environmentNames } from '../src/base/environments.ts';

/** A whole number of at least one, for steps. */
export function positiveInteger(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}

function positiveNumber(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number >= 1) return number;
  throw new InvalidArgumentError('It must be a number of at least 1.');
}

/** Milliseconds of a duration such as `15 min`. */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError('It must be a duration such as "90 s" or "15 min".');
}

/** `--env staging|production` */
export function environmentOption(description: string): Option {
  return new Option('-e, --env <environment>', description).choices([...environmentNames]);
}

/** `--time-scale`, `--actor`: for verbs that run parts of a release. */
export function withRunOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--time-scale <n>', 'divide watch windows, in a rehearsal only').argParser(
        positiveNumber,
      ),
    )
    .option('--actor <name>', 'who acts (default: AURORA_ACTOR, then the user of this machine)')
    .addOption(
      new Option(
        '--approval-wait <duration>',
        'how long to wait for a person before holding (exit 4)',
      )
        .argParser(durationMs)
        .default(undefined, 'the planned duration in a terminal, else not at all'),
    );
}

/** `--override`, `--key`: to set a rule of the plan aside, in writing. */
export function withOverride(command: Command): Command {
  return command
    .option(
      '--override <reason>',
      'set a freeze window aside, or pass over steps; signed, and printed in the ticket',
    )
    .option('--key <file>', 'the key that signs (default: AURORA_KEY, then ~/.ssh/id_ed25519 ...)');
}

/** `--junit`, `--dotenv`: what CI collects of a release. */
export function withReports(command: Command): Command {
  return command
    .option('--junit <file>', 'also write the checks as JUnit XML')
    .option('--dotenv <file>', 'also write AURORA_RELEASE, AURORA_VERDICT and AURORA_EXIT');
}

/** `--wait`, `--takeover`, `--yes`: what to do where another release holds the lease. */
export function withHeld(command: Command): Command {
  return command
    .addOption(
      new Option('--wait [duration]', 'begin when the lease is free, instead of exit 7')
        .argParser(durationMs)
        .preset('30 min')
        .default(undefined, '30 min when no duration is given'),
    )
    .addOption(
      new Option('--takeover', 'take the lease from its holder, who can do nothing more').conflicts(
        'wait',
      ),
    )
    .option('--yes', 'do not ask before a takeover');
}

/** The command's own options together with the global ones. */
export function allOptions<T extends object>(command: Command): T {
  return command.optsWithGlobals() as T;
}
