import { z } from 'zod';
import {
  contents,
  type DocumentKind,
  documentSchema,
  outputVersion,
} from '../report/schema/documents.ts';

/** What Zod writes, before it is ours. */
interface Found {
  additionalProperties?: unknown;
  maximum?: number;
  minimum?: number;
  format?: string;
  pattern?: string;
}

/**
 * A field that is not known does not make a document invalid for those who read it: new ones may
 * come at any time. Only our own tests refuse them. The rest is noise: the largest whole number that
 * JavaScript has, and what `format` says already.
 */
function tidy(found: Found): void {
  if (found.additionalProperties === false) delete found.additionalProperties;
  if (found.maximum === Number.MAX_SAFE_INTEGER) delete found.maximum;
  if (found.minimum === Number.MIN_SAFE_INTEGER) delete found.minimum;
  if (found.format === 'date-time') delete found.pattern;
}

/** The definition of a kind, and those of the parts that it names. */
function definitions(kind: DocumentKind): readonly (readonly [name: string, node: unknown])[] {
  const {
    $schema: _,
    $defs,
    ...node
  } = z.toJSONSchema(documentSchema(kind), {
    unrepresentable: 'any',
    override: ({ jsonSchema }) => tidy(jsonSchema as Found),
  });
  return [[kind, node], ...Object.entries($defs ?? {})];
}

/** `docs/schemas/output.schema.json`: what `--json` prints, a definition for each `kind`. */
export function outputSchema(): string {
  const kinds = Object.keys(contents) as readonly DocumentKind[];
  const whole = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `what aurora prints with --json, version ${outputVersion}`,
    description:
      'One document on stdout, told apart by `kind`. `aurora` is the version: it is raised when a field changes its meaning or goes. New fields and kinds may come at any time.',
    type: 'object',
    oneOf: kinds.map((kind) => ({ $ref: `#/$defs/${kind}` })),
    // Parts have names of their own, in capitals, and are the same wherever they are named.
    $defs: Object.fromEntries(kinds.flatMap(definitions)),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
