import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('history')
    .description('all releases in this state directory')
    .action((_options, command) =>
      app.act(async () => {
        const { historyVerb } = await import('../src/app/verbs/status.ts');
        return historyVerb(app.io, allOptions(command));
      }),
    );
};
