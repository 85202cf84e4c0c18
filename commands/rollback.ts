import { Option } from 'commander';
import type { Register } from '../src/app/verb.ts';
import { allOptions, withReports } from './options.ts';

export const register: Register = (program, app) => {
  withReports(program.command('rollback'))
    .argument('[release]', 'id of the release; the newest in production when left out')
    .description('bring production back: flags first, then everything else; waits for nobody')
    .option('--reason <text>', 'why; goes into the incident note and to people')
    .addOption(new Option('--only <part>', 'only this part').choices(['flags']))
    .option('--dry-run', 'show what would be sent; change nothing')
    .option('--actor <name>', 'who acts (default: AURORA_ACTOR, then the user of this machine)')
    .addHelpText(
      'after',
      '\nExits 0 when everything was done and seen from outside, 6 when something was not.\n' +
        '\nExamples:\n  aurora rollback --reason "5xx since 02:10"\n  aurora rollback --only flags\n  aurora rollback --dry-run\n',
    )
    .action((release: string | undefined, _options, command) =>
      app.act(async () => {
        const { rollbackVerb } = await import('../src/app/verbs/rollback.ts');
        const options = allOptions<object>(command);
        return rollbackVerb(app.io, release === undefined ? options : { ...options, release });
      }),
    );
};
