import type { Register } from '../src/app/verb.ts';
import { allOptions, environmentOption } from './options.ts';

export const register: Register = (program, app) => {
  const env = program.command('env').description('the environment matrix');
  env
    .command('check')
    .description('compare the env files with the plan, variable by variable')
    .addOption(environmentOption('only this environment'))
    .option('--junit <file>', 'also write the checks as JUnit XML')
    .addHelpText(
      'after',
      '\nExamples:\n  aurora env check\n  aurora env check --env production --json\n',
    )
    .action((_options, command) =>
      app.act(async () => {
        const { envCheckVerb } = await import('../src/app/verbs/checks.ts');
        return envCheckVerb(app.io, allOptions(command));
      }),
    );
};
