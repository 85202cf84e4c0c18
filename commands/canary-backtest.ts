import { type Command, InvalidArgumentError, Option } from 'commander';
import type { App } from '../src/app/verb.ts';
import { allOptions, positiveInteger } from './options.ts';

function wholeNumber(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('It must be a whole number of at least 0.');
}

/** `aurora canary backtest` */
export function addBacktest(canary: Command, app: App): void {
  canary
    .command('backtest')
    .description('what other bands would have made of canaries that were, and of simulated ones')
    .option('--policy <file>', 'bands to try beside those of the plan, written like slo.yaml')
    .option('--releases <id...>', 'only these releases (default: all that watched a canary)')
    .option('--streams <directory>', 'also replay the recorded streams in it')
    .addOption(
      new Option('--simulate <n>', 'how many canaries to simulate of each sort; 0 for none')
        .argParser(wholeNumber)
        .default(100, '100'),
    )
    .addOption(
      new Option('--seed <n>', 'of the simulation: the same seed, the same canaries')
        .argParser(wholeNumber)
        .default(1, '1'),
    )
    .option(
      '--sessions <n>',
      "the candidate's sessions in a simulated window (default: as recorded, else 3000)",
      positiveInteger,
    )
    .option('--export <directory>', 'write the recorded canaries of the releases as stream files')
    .addHelpText(
      'after',
      [
        '',
        'Changes nothing in production and asks no service.',
        '',
        'Examples:',
        '  aurora canary backtest',
        '  aurora canary backtest --policy stricter.yaml',
        '  aurora canary backtest --policy stricter.yaml --simulate 1000 --sessions 900 --json',
      ].join('\n'),
    )
    .action((_options, command) =>
      app.act(async () => {
        const { canaryBacktestVerb } = await import('../src/app/verbs/canary-backtest.ts');
        return canaryBacktestVerb(app.io, allOptions(command));
      }),
    );
}
