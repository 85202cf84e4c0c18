import { InvalidArgumentError, Option } from 'commander';
import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

function pastInstant(text: string): number {
  const ms = Date.parse(text);
  if (/^\d{4}-\d\d-\d\dT/.test(text) && ms <= Date.now()) return ms;
  throw new InvalidArgumentError('It must be a past time such as 2025-10-10T08:00:00Z.');
}

export const register: Register = (program, app) => {
  const kpi = program.command('kpi').description('the numbers that a release is compared with');
  kpi
    .command('baseline')
    .description("measure production's last seven days and store them")
    .addOption(
      new Option('--until <time>', 'the end of the seven days')
        .argParser(pastInstant)
        .default(undefined, 'now'),
    )
    .action((_options, command) =>
      app.act(async () => {
        const { kpiBaselineVerb } = await import('../src/app/verbs/kpi.ts');
        return kpiBaselineVerb(app.io, allOptions(command));
      }),
    );
  kpi
    .command('show')
    .description('the stored baseline')
    .action((_options, command) =>
      app.act(async () => {
        const { kpiShowVerb } = await import('../src/app/verbs/kpi.ts');
        return kpiShowVerb(app.io, allOptions(command));
      }),
    );
};
