import type { Register } from '../src/app/verb.ts';
import { allOptions, environmentOption } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('smoke')
    .description('play the six smoke interactions; removes what it makes')
    .addOption(environmentOption('where (default: staging)'))
    .option(
      '--screens [directory]',
      'also walk through the widget in a browser, and keep screenshots (default: in the state directory)',
    )
    .option('--junit <file>', 'also write the checks as JUnit XML')
    .action((_options, command) =>
      app.act(async () => {
        const { smokeVerb } = await import('../src/app/verbs/checks.ts');
        return smokeVerb(app.io, allOptions(command));
      }),
    );
};
