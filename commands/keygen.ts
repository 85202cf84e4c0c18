import type { Register } from '../src/app/verb.ts';
import { allOptions } from './options.ts';

/** Collects an option that may be given more than once. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

export const register: Register = (program, app) => {
  program
    .command('keygen')
    .argument('[file]', 'where to write the key; ~/.ssh/id_ed25519 when left out')
    .description('make a key to sign approvals with, and the line that lets it approve')
    .requiredOption('--name <name>', 'the person, as the plan names them')
    .requiredOption('--id <id>', "the person's id in the approvers file: an address")
    .option('--role <role>', 'a role of the plan; may be given more than once', collect)
    .addHelpText(
      'after',
      '\nExamples:\n  aurora keygen --name "Omar V." --id omar.v@aurora.example --role "Product Manager"\n  aurora keygen keys/maya --name "Maya T." --id maya.t@aurora.example --role "Platform Eng" --role DevOps\n',
    )
    .action((file: string | undefined, _options, command) =>
      app.act(async () => {
        const { keygenVerb } = await import('../src/app/verbs/keygen.ts');
        return keygenVerb(app.io, file, allOptions(command));
      }),
    );
};
