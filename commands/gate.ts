import type { Register } from '../src/app/verb.ts';
import { allOptions, positiveInteger, withOverride, withRunOptions } from './options.ts';

export const register: Register = (program, app) => {
  withOverride(withRunOptions(program.command('gate')))
    .argument('<step>', 'number of the step', positiveInteger)
    .description('run one step of a release, for CI: the verdict is the exit code')
    .option('--release <id>', 'the release that the step belongs to')
    .option('--build <build>', 'with gate 1: begin a release of this build')
    .option('--junit <file>', 'also write the checks as JUnit XML')
    .addHelpText(
      'after',
      '\nExamples:\n  aurora gate 1 --build 1.4.0 --json\n  aurora gate 2 --release 20261122-043205-1.4.0-3f9a --junit gate.xml\n',
    )
    .action((step: number, _options, command) =>
      app.act(async () => {
        const { gateVerb } = await import('../src/app/verbs/release.ts');
        return gateVerb(app.io, step, allOptions(command));
      }),
    );
};
