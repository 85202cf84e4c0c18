import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('abort')
    .argument('[release]', 'id of the release; the newest when left out')
    .description('end a release that customers have not met, and put back what it did')
    .requiredOption('--reason <text>', 'goes into journal and ticket')
    .option('--actor <name>', 'who acts (default: AURORA_ACTOR, then the user of this machine)')
    .addHelpText(
      'after',
      '\nExamples:\n  aurora abort --reason "the offer changed"\n\nOnce production was touched it is refused: `aurora rollback` is the way back then.\n',
    )
    .action((release: string | undefined, _options, command) =>
      app.act(async () => {
        const { abortVerb } = await import('../src/app/verbs/stop.ts');
        return abortVerb(app.io, release, allOptions(command));
      }),
    );
};
