import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('pause')
    .argument('[release]', 'id of the release; the newest when left out')
    .description('let a release stand still after the move that it is at; resume goes on')
    .option('--reason <text>', 'goes into journal and ticket')
    .option('--actor <name>', 'who acts (default: AURORA_ACTOR, then the user of this machine)')
    .addHelpText('after', '\nExamples:\n  aurora pause\n  aurora pause --reason "lunch"\n')
    .action((release: string | undefined, _options, command) =>
      app.act(async () => {
        const { pauseVerb } = await import('../src/app/verbs/stop.ts');
        return pauseVerb(app.io, release, allOptions(command));
      }),
    );
};
