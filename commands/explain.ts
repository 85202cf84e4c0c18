import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('explain')
    .argument('[code]', 'an error code such as LEASE_HELD, or an exit code')
    .description('what an error or exit code means and what to do')
    .addHelpText(
      'after',
      '\nExamples:\n  aurora explain LEASE_HELD\n  aurora explain 4\n  aurora explain\n',
    )
    .action((code: string | undefined, _options, command) =>
      app.act(async () => {
        const { explainVerb } = await import('../src/app/verbs/explain.ts');
        return explainVerb(app.io, code, allOptions(command));
      }),
    );
};
