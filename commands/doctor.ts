import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

export const register: Register = (program, app) => {
  program
    .command('doctor')
    .description('reach every configured service, read-only, with a remedy a line')
    .action((_options, command) =>
      app.act(async () => {
        const { doctorVerb } = await import('../src/app/verbs/doctor.ts');
        return doctorVerb(app.io, allOptions(command));
      }),
    );
};
