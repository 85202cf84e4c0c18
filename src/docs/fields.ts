import { environmentNames } from '../base/environments.ts';
import { rows, term, words } from './page.ts';
import { alternatives, defaultWords, type SchemaNode, typeWords } from './schema-node.ts';

/** One field of a configuration or a checklist, as somebody writes it. */
export interface Field {
  /** `environments.<environment>.logs.paths`; list items as `[]`, map values as `<name>`. */
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly default: string;
  readonly about: string;
}

const isEnvironments = (node: SchemaNode) => {
  const names = Object.keys(node.properties ?? {});
  return names.length === 2 && environmentNames.every((name) => names.includes(name));
};

/** A union whose alternatives are told apart by a word, such as `kind`. */
function discriminator(choices: readonly SchemaNode[]): string | undefined {
  const names = Object.keys(choices[0]?.properties ?? {});
  return names.find((name) =>
    choices.every((choice) => choice.properties?.[name]?.const !== undefined),
  );
}

function inside(path: string, node: SchemaNode): readonly Field[] {
  const choices = alternatives(node);
  if (choices.length > 1 || (choices[0] !== node && choices[0] !== undefined)) {
    const word = discriminator(choices);
    if (word === undefined) return [];
    return choices.flatMap((choice) => {
      const name = choices.length === 1 ? path : `${path}(${choice.properties?.[word]?.const})`;
      return inside(name, choice);
    });
  }
  if (node.type === 'array' && node.items !== undefined) return inside(`${path}[]`, node.items);
  if (isEnvironments(node)) {
    const [first] = Object.values(node.properties ?? {});
    return first === undefined ? [] : inside(join(path, '<environment>'), first);
  }
  if (node.properties !== undefined) return fieldsOf(node, path);
  if (typeof node.additionalProperties === 'object') {
    return inside(join(path, '<name>'), node.additionalProperties);
  }
  return [];
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** For what the next rows say. */
const below = 'see below';

/** What stands for the type where the rows below say more. */
function shortType(node: SchemaNode): string {
  if (isEnvironments(node)) {
    const [first] = Object.values(node.properties ?? {});
    return `for each environment: ${first === undefined ? 'anything' : shortType(first)}`;
  }
  const choices = alternatives(node);
  if (discriminator(choices) !== undefined) return below;
  if (node.type === 'array' && node.items !== undefined) {
    const items = shortType(node.items);
    return items === below ? `list, ${below}` : `list of ${items}`;
  }
  if (choices.length === 1 && node.properties !== undefined) return below;
  return typeWords(node);
}

/** Every field of an object and what is inside it, in the order of the schema. */
export function fieldsOf(node: SchemaNode, path = ''): readonly Field[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const own: Field = {
      path: join(path, name),
      type: shortType(child),
      required: node.required?.includes(name) === true && child.default === undefined,
      default: defaultWords(child),
      about: child.description ?? '',
    };
    return [own, ...inside(own.path, child)];
  });
}

/** The fields as a table. */
export function fieldTable(fields: readonly Field[]): string | undefined {
  return rows(
    ['Field', 'Holds', 'Default', 'Meaning'],
    fields.map((field) => [
      term(field.path),
      words(field.type),
      field.required ? 'must be given' : field.default === '' ? '' : term(field.default),
      words(field.about),
    ]),
  );
}
