import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  const plan = program.command('plan').description('the release plan');
  plan
    .command('show')
    .description('the steps, their owners, gates and moves, and the rollback')
    .action((_options, command) =>
      app.act(async () => {
        const { planShowVerb } = await import('../src/app/verbs/plan.ts');
        return planShowVerb(app.io, allOptions(command));
      }),
    );
  plan
    .command('check')
    .description('validate every checklist of the plan')
    .action((_options, command) =>
      app.act(async () => {
        const { planCheckVerb } = await import('../src/app/verbs/plan.ts');
        return planCheckVerb(app.io, allOptions(command));
      }),
    );
};
