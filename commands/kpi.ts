import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  const kpi = program.command('kpi').description('the numbers that a release is compared with');
  kpi
    .command('baseline')
    .description("measure production's last seven days and store them")
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
