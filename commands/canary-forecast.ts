import { type Command, InvalidArgumentError, Option } from 'commander';
import type { App } from '../src/app/verb.ts';
import { allOptions, durationMs } from './options.ts';

function percentOf(text: string): number {
  const percent = Number(text);
  if (text.trim() !== '' && percent > 0 && percent <= 100) return percent;
  throw new InvalidArgumentError('It must be above 0 and at most 100.');
}

function windowMs(text: string): number {
  const ms = durationMs(text);
  if (ms > 0) return ms;
  throw new InvalidArgumentError('It must be longer than nothing.');
}

/** `aurora canary forecast` */
export function addForecast(canary: Command, app: App): void {
  canary
    .command('forecast')
    .description('what a canary can and cannot prove with the traffic of late')
    .addOption(
      new Option(
        '--percent <n>',
        "the candidate's part of the customers (default: the plan's)",
      ).argParser(percentOf),
    )
    .addOption(
      new Option('--for <duration>', "how long to watch (default: the plan's)").argParser(windowMs),
    )
    .addHelpText(
      'after',
      [
        '',
        'Reads the metrics of the build that production serves; changes nothing.',
        '',
        'Examples:',
        '  aurora canary forecast',
        '  aurora canary forecast --percent 10 --for "45 min"',
        "  aurora canary forecast --json | jq '.metrics[] | select(.provable | not) | .id'",
        '',
      ].join('\n'),
    )
    .action((_options, command) =>
      app.act(async () => {
        const { canaryForecastVerb } = await import('../src/app/verbs/canary-forecast.ts');
        return canaryForecastVerb(app.io, allOptions(command));
      }),
    );
}
