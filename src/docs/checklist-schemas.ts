import { z } from 'zod';
import { environmentsList } from '../checks/environments-list.ts';
import { postDeploySchema } from '../checks/post-deploy/list.ts';
import { preFlightList } from '../checks/pre-flight-list.ts';
import { checkKind, checkKinds } from '../checks/registry.ts';
import { screensList } from '../checks/screens/list.ts';
import { smokeList } from '../checks/smoke/list.ts';
import { configSchema } from '../config/schema.ts';
import { effectKind, effectKinds } from '../effects/registry.ts';
import { sloSchema } from '../judge/slo.ts';
import {
  checkMove,
  compensation,
  effectMove,
  releaseSchema,
  rollbackSchema,
} from '../plan/schema.ts';
import { checkWords, effectWords } from './kinds.ts';
import { type SchemaNode, schemaNode } from './schema-node.ts';

/** The checklists of a plan with their schemas, in the order of a release. */
export const checklistSchemas: Readonly<Record<string, z.ZodType>> = {
  release: releaseSchema,
  environments: environmentsList,
  'pre-flight': preFlightList,
  smoke: smokeList,
  screens: screensList,
  slo: sloSchema,
  'post-deploy': postDeploySchema,
  rollback: rollbackSchema,
};

/** The kinds of a move with their own parameters, where the plan's schema takes any. */
function withKinds(node: SchemaNode, schema: unknown): SchemaNode | undefined {
  const checks = () => oneOf(node, 'check', checkKinds.map(describedCheck));
  const effects = () => oneOf(node, 'effect', effectKinds.flatMap(describedEffect));
  if (schema === checkMove) return checks();
  return schema === effectMove || schema === compensation ? effects() : undefined;
}

interface Kind {
  readonly word: string;
  readonly about: string | undefined;
  readonly params: SchemaNode;
}

function describedCheck(word: string): Kind {
  return { word, about: checkWords[word], params: paramsOf(checkKind(word).params) };
}

function describedEffect(word: string): readonly Kind[] {
  const kind = effectKind(word);
  if (kind === undefined) return [];
  return [{ word, about: effectWords[word], params: paramsOf(kind.params) }];
}

/** Without `$schema`, which belongs to a whole document. */
function paramsOf(schema: z.ZodType): SchemaNode {
  const { $schema: _, ...node } = schemaNode(schema) as SchemaNode & { readonly $schema?: string };
  return node;
}

function oneOf(node: SchemaNode, key: string, kinds: readonly Kind[]): SchemaNode {
  return {
    anyOf: kinds.map(({ word, about, params }) => ({
      ...node,
      ...(about === undefined ? {} : { description: about }),
      properties: { ...node.properties, [key]: { const: word }, with: params },
      required: [...(node.required ?? []), ...(params.required?.length ? ['with'] : [])],
    })),
  };
}

function jsonSchema(title: string, schema: z.ZodType): string {
  const node = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: found }) => {
      // Zod writes down the largest whole number that JavaScript has; nobody wants to read it.
      if (found.maximum === Number.MAX_SAFE_INTEGER) delete found.maximum;
      const better = withKinds(found as SchemaNode, zodSchema);
      if (better === undefined) return;
      for (const key of Object.keys(found)) delete found[key];
      Object.assign(found, better);
    },
  });
  return `${JSON.stringify({ title, ...node }, null, 2)}\n`;
}

/** JSON Schemas for editors: path below the package -> text. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [name, schema] of Object.entries(checklistSchemas)) {
    files.set(`checklists/${name}.schema.json`, jsonSchema(`${name}.yaml of aurora`, schema));
  }
  files.set('docs/aurora.config.schema.json', jsonSchema('aurora.config.yaml', configSchema));
  return files;
}
