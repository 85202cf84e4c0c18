import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  const build = program.command('build').description('immutable builds of the concierge');
  build
    .command('pack')
    .argument('<source...>', 'directories with build.json and plugin.ts')
    .description('pack builds: the same source gives the same digest')
    .option('--name <name>', 'another name than build.json says (for one source)')
    .option('--build-version <version>', 'another version than build.json says (for one source)')
    .option('--state <directory>', 'state directory (default: the configured one)')
    .addHelpText('after', '\nExample:\n  aurora build pack fixtures/builds/1.4.0\n')
    .action((sources: string[], _options, command) =>
      app.act(async () => {
        const { buildPackVerb } = await import('../src/app/verbs/build.ts');
        return buildPackVerb(app.io, sources, allOptions(command));
      }),
    );
  build
    .command('list')
    .description('the builds of the state directory')
    .option('--state <directory>', 'state directory (default: the configured one)')
    .action((_options, command) =>
      app.act(async () => {
        const { buildListVerb } = await import('../src/app/verbs/build.ts');
        return buildListVerb(app.io, allOptions(command));
      }),
    );
  build
    .command('verify')
    .argument('<build>', 'version, name@version or digest')
    .description('compare a build with its digest, file by file')
    .option('--state <directory>', 'state directory (default: the configured one)')
    .action((selector: string, _options, command) =>
      app.act(async () => {
        const { buildVerifyVerb } = await import('../src/app/verbs/build.ts');
        return buildVerifyVerb(app.io, selector, allOptions(command));
      }),
    );
};
