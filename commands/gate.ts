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
  withReports(withHeld(withOverride(withRunOptions(program.command('gate')))))
    .argument('<step>', 'number of the step', positiveInteger)
    .description('run one step of a release, for CI: the verdict is the exit code')
    .option('--release <id>', 'the release that the step belongs to')
    .option('--build <build>', 'with gate 1: begin a release of this build')
    .addHelpText(
      'after',
      [
        '',
        'Asks nobody. May be run again: one that was a go answers 0 at once, one that is not due exits 2.',
        'Exit 4 means that a person or evidence is missing: run it again later. On GitHub Actions the',
        'summary, annotations and the outputs release, verdict and exit are written without being asked.',
        '',
        'Examples:',
        '  aurora gate 1 --build 1.4.0 --junit gate.xml --dotenv gate.env',
        '  aurora gate 2 --release 20261122-043205-1.4.0-3f9a --junit gate.xml',
        '  aurora gate 5 --release 20261122-043205-1.4.0-3f9a --json',
        '',
        'docs/ci/ holds whole workflows for GitHub Actions and GitLab CI.',
      ].join('\n'),
    )
    .action((step: number, _options, command) =>
      app.act(async () => {
        const { gateVerb } = await import('../src/app/verbs/release.ts');
        return gateVerb(app.io, step, allOptions(command));
      }),
    );
};
