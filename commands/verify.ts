import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('verify')
    .argument('[release|path]', 'id of a release, a journal, or a directory that holds one')
    .description('hold a journal against its chain, its signatures and the documents beside it')
    .option(
      '--approvers <file>',
      'who may approve (default: the file that the configuration names)',
    )
    .addHelpText(
      'after',
      '\nReaches no service and changes nothing. A path needs no configuration. The first entry that does not fit is named, then the others.\n\nExamples:\n  aurora verify\n  aurora verify 20261122-043205-1.4.0-3f9a\n  aurora verify copies/journal.jsonl --approvers checklists/approvers\n  aurora verify --json | jq .first\n',
    )
    .action((asked: string | undefined, _options, command) =>
      app.act(async () => {
        const { verifyVerb } = await import('../src/app/verbs/verify.ts');
        return verifyVerb(app.io, asked, allOptions(command));
      }),
    );
};
