import { configSchema } from '../config/schema.ts';
import { configTemplate } from '../config/template.ts';
import { fieldsOf, fieldTable } from './fields.ts';
import { fence, page } from './page.ts';
import { schemaNode } from './schema-node.ts';

/** `docs/configuration.md`: every field, and the file that `aurora init` writes. */
export function configurationPage(): string {
  return page(
    'Configuration',
    'One YAML file: `--config <file>`, else the one that `AURORA_CONFIG` names, else `./aurora.config.yaml`. Paths in it count from its own directory. Unknown keys are refused at every level, with the nearest known one. `aurora init` writes a commented file, `aurora doctor` reaches everything that it names.',
    'For completion in an editor, point its YAML language server at [aurora.config.schema.json](aurora.config.schema.json).',
    '## Secrets',
    'A secret never stands in this file. Where one is needed, it says where the secret is: `{ env: NAME }` reads the environment of the process, then the `credentials` file; `{ vault: path#field }` reads the secrets service. The credentials file must be readable by its owner alone. What a rollback needs (flags, cache, CDN, driver, people) is better given by `{ env }`: a rollback must not depend on the vault.',
    '## Fields',
    'A dot goes one level down, `[]` is an item of a list, `(slack)` is the kind of an item, `<environment>` is `staging` or `production`, `<name>` is a name of your own.',
    fieldTable(fieldsOf(schemaNode(configSchema))),
    '## Variables',
    '`AURORA_CONFIG` names the file; `AURORA_ACTOR` says who acts (then `GITHUB_ACTOR`, `GITLAB_USER_LOGIN`, then the user of the machine); `AURORA_KEY` names the key to sign with (then `~/.ssh/id_ed25519`, `id_ecdsa`, `id_rsa`); `NO_COLOR` takes the colour away. The local stack has [its own](local-stack.md#variables).',
    '## The file that `aurora init` writes',
    fence(configTemplate(), 'yaml'),
  );
}
