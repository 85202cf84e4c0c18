import type { Register } from '../src/app/verb.ts';
import { allOptions, environmentOption } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('deploy')
    .argument('<build>', 'version, name@version or digest of a packed build')
    .description('make a build the stable one of an environment, outside a release')
    .addOption(environmentOption('where').makeOptionMandatory())
    .option('--no-migrate', "leave out the build's migrations")
    .option('--dry-run', 'show what would be sent; change nothing')
    .option('--actor <name>', 'who acts (default: AURORA_ACTOR, then the user of this machine)')
    .addHelpText(
      'after',
      '\nFor the first build of an environment. Customers get new builds by `aurora release`.\n\nExample:\n  aurora deploy 1.3.0 --env staging\n',
    )
    .action((build: string, _options, command) =>
      app.act(async () => {
        const { deployVerb } = await import('../src/app/verbs/deploy.ts');
        return deployVerb(app.io, build, allOptions(command));
      }),
    );
};
