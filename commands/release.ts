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
  withReports(withHeld(withOverride(withRunOptions(program.command('release')))))
    .argument('<build>', 'version, name@version or digest of a packed build')
    .description('carry the plan out with a build, step by step')
    .option('--dry-run', 'show what would be checked and sent; change nothing')
    .option('--until <step>', 'stop after this step', positiveInteger)
    .option('--from <step>', 'pass over the steps before it; needs --override', positiveInteger)
    .addHelpText(
      'after',
      '\nExamples:\n  aurora release 1.4.0\n  aurora release 1.4.0 --dry-run\n  aurora release 1.4.0 --until 4 --json\n  aurora release 1.4.1 --override "hotfix for checkout" --key ~/.ssh/id_ed25519\n',
    )
    .action((build: string, _options, command) =>
      app.act(async () => {
        const { releaseVerb } = await import('../src/app/verbs/release.ts');
        return releaseVerb(app.io, build, allOptions(command));
      }),
    );
};
