import type { Register } from '../src/app/verb.ts';
import { allOptions, environmentOption } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('preflight')
    .description('secrets, indexes and stubs, as step 2 checks them')
    .addOption(environmentOption('only this environment'))
    .option('--junit <file>', 'also write the checks as JUnit XML')
    .action((_options, command) =>
      app.act(async () => {
        const { preflightVerb } = await import('../src/app/verbs/checks.ts');
        return preflightVerb(app.io, allOptions(command));
      }),
    );
};
