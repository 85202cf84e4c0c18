import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('status')
    .argument('[release]', 'id of the release; the newest when left out')
    .description('where a release stands, and who must do what next')
    .option('-f, --follow', 'stay and show what happens')
    .addHelpText(
      'after',
      '\nExamples:\n  aurora status\n  aurora status --follow\n  aurora status --json | jq .status\n',
    )
    .action((release: string | undefined, _options, command) =>
      app.act(async () => {
        const { statusVerb } = await import('../src/app/verbs/status.ts');
        return statusVerb(app.io, release, allOptions(command));
      }),
    );
};
