import type { Register } from '../src/app/verb.ts';
import { allOptions, positiveInteger } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('approve')
    .argument('[release]', 'id of the release; the newest when left out')
    .description('give your word for what was measured, or refuse it')
    .option('--step <n>', 'the step that waits', positiveInteger)
    .option('--as <name>', 'who approves, as the plan names the person')
    .option('--comment <text>', 'goes into journal and ticket')
    .option('--reject', 'refuse; needs --comment')
    .addHelpText(
      'after',
      '\nExamples:\n  aurora approve --step 5 --as "Omar V."\n  aurora approve --step 5 --as "Omar V." --reject --comment "the offer card is cut off"\n',
    )
    .action((release: string | undefined, _options, command) =>
      app.act(async () => {
        const { approveVerb } = await import('../src/app/verbs/approve.ts');
        return approveVerb(app.io, release, allOptions(command));
      }),
    );
};
