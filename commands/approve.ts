import type { Register } from '../src/app/verb.ts';
import { allOptions, positiveInteger } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('approve')
    .argument('[release]', 'id of the release; the newest when left out')
    .description('give your word for what was measured, refuse it, or take it back')
    .option('--step <n>', 'the step that waits', positiveInteger)
    .option('--key <file>', 'the key that signs (default: AURORA_KEY, then ~/.ssh/id_ed25519 ...)')
    .option('--as <name>', 'who approves; needed only where the plan wants no signature')
    .option('--comment <text>', 'goes into journal and ticket')
    .option('--reject', 'refuse; needs --comment')
    .option('--revoke', 'take an approval back, before production is changed; needs --comment')
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  aurora approve --step 5                        in a terminal: shows, asks, signs',
        '  aurora approve --step 5 --key ~/.ssh/id_ed25519',
        '  aurora approve --step 5 --reject --comment "the offer card is cut off"',
        '  aurora approve --step 5 --revoke --comment "the price is wrong"',
        '',
        'A word is signed and bound to plan, build, evidence and journal: any change voids it.',
      ].join('\n'),
    )
    .action((release: string | undefined, _options, command) =>
      app.act(async () => {
        const { approveVerb } = await import('../src/app/verbs/approve.ts');
        return approveVerb(app.io, release, allOptions(command));
      }),
    );
};
