import { z } from 'zod';
import { nearest } from '../base/nearest.ts';

/** One thing that is wrong in a file: where, and why. Never repeats a value: it may be a secret. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
}

/** The part of JSON Schema that knows which keys may stand where. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

function alternatives(node: SchemaNode): readonly SchemaNode[] {
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  return inner.length === 0 ? [node] : inner.flatMap(alternatives);
}

function child(node: SchemaNode, key: PropertyKey): SchemaNode | undefined {
  const next =
    typeof key === 'number'
      ? node.items
      : (node.properties?.[String(key)] ?? node.additionalProperties);
  return typeof next === 'object' ? next : undefined;
}

/** The keys that a schema knows at a path, all alternatives of a union together. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
  let nodes = alternatives(root);
  for (const key of path) {
    nodes = nodes.flatMap((node) => {
      const next = child(node, key);
      return next === undefined ? [] : alternatives(next);
    });
  }
  return nodes.flatMap((node) => Object.keys(node.properties ?? {}));
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  if (meant !== undefined) return `unknown key, did you mean "${meant}"?`;
  return known.length === 0 ? 'unknown key' : `unknown key; known are ${known.join(', ')}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function explainIssue(schema: z.ZodType, issue: z.core.$ZodIssue): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      reason: unknownKey(key, known),
    }));
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return [{ path: issue.path, reason: `is missing (expected ${issue.expected})` }];
  }
  return [{ path: issue.path, reason: lowerFirst(issue.message) }];
}

/** What zod found, in words; unknown keys first, since a misspelt key also misses its right name. */
export function explainIssues(schema: z.ZodType, error: z.ZodError): readonly Problem[] {
  const unknown = error.issues.filter((issue) => issue.code === 'unrecognized_keys');
  const others = error.issues.filter((issue) => issue.code !== 'unrecognized_keys');
  return [...unknown, ...others].flatMap((issue) => explainIssue(schema, issue));
}

/** `environments/staging/envFile`; `(top level)` for the empty path. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '(top level)' : path.map(String).join('/');
}
