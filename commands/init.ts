import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('init')
    .description('write a commented configuration to start from')
    .action((_options, command) =>
      app.act(async () => {
        const { initVerb } = await import('../src/app/verbs/init.ts');
        return initVerb(app.io, allOptions(command));
      }),
    );
};
