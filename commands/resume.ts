import type { Register } from '../src/app/verb.ts';
import {
  allOptions,
  positiveInteger,
  withHeld,
  withOverride,
  withReports,
  withRunOptions,
} from './options.ts';

export const register: Register = (program, app) => {
  withReports(withHeld(withOverride(withRunOptions(program.command('resume')))))
    .argument('[release]', 'id of the release; the newest when left out')
    .description('go on with a release that was interrupted, waits or holds')
    .option('--until <step>', 'stop after this step', positiveInteger)
    .option(
      '--from <step>',
      'carry out this and later steps again; only before production is touched',
      positiveInteger,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  aurora resume\n  aurora resume 20261122-043205-1.4.0-3f9a\n  aurora resume --takeover\n',
    )
    .action((release: string | undefined, _options, command) =>
      app.act(async () => {
        const { resumeVerb } = await import('../src/app/verbs/release.ts');
        return resumeVerb(app.io, release, allOptions(command));
      }),
    );
};
