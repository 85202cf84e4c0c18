import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('approvers')
    .description('list who may approve what, with which keys, and the steps that nobody may')
    .addHelpText(
      'after',
      '\nThe list is a file in the format of OpenSSH allowed signers: `approvers` beside the checklists, or the one that the configuration names. Keys that were taken back stand in `<file>.revoked`.\n\nExamples:\n  aurora approvers\n  aurora approvers --json\n',
    )
    .action((_options, command) =>
      app.act(async () => {
        const { approversVerb } = await import('../src/app/verbs/approvers.ts');
        return approversVerb(app.io, allOptions(command));
      }),
    );
};
