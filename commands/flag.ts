import type { Register } from '../src/app/verb.ts';
import { allOptions, environmentOption } from './options.ts';

export const register: Register = (program, app) => {
  const flag = program.command('flag').description("the plan's feature flags");
  flag
    .command('show')
    .description('how they stand, with their cohorts')
    .addOption(environmentOption('only this environment'))
    .action((_options, command) =>
      app.act(async () => {
        const { flagShowVerb } = await import('../src/app/verbs/flag.ts');
        return flagShowVerb(app.io, allOptions(command));
      }),
    );
  flag
    .command('restore')
    .argument('<release>', 'the release whose rollback switched them off')
    .description('switch on what a rollback switched off, on the stable build')
    .option('--dry-run', 'show what would be sent; change nothing')
    .option('--actor <name>', 'who acts (default: AURORA_ACTOR, then the user of this machine)')
    .action((release: string, _options, command) =>
      app.act(async () => {
        const { flagRestoreVerb } = await import('../src/app/verbs/flag.ts');
        return flagRestoreVerb(app.io, release, allOptions(command));
      }),
    );
};
