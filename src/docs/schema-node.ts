import { z } from 'zod';

/** As much of JSON Schema as our zod schemas become. */
export interface SchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly format?: string;
}

/** The schema of what somebody writes: before defaults are filled in and durations are read. */
export function schemaNode(schema: z.ZodType): SchemaNode {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
}

/** The alternatives of a union; the node itself when it is none. */
export function alternatives(node: SchemaNode): readonly SchemaNode[] {
  const inner = node.anyOf ?? node.oneOf;
  return inner === undefined ? [node] : inner.flatMap(alternatives);
}

/** What may stand there, in words: `text`, `blue | green`, `list of text`, `{ env } or { vault }`. */
export function typeWords(node: SchemaNode): string {
  if (node.const !== undefined) return String(node.const);
  if (node.enum !== undefined) return node.enum.map(String).join(' | ');
  const choices = alternatives(node);
  if (choices.length > 1) return [...new Set(choices.map(typeWords))].join(' or ');
  if (node.properties !== undefined) return `{ ${Object.keys(node.properties).join(', ')} }`;
  switch (node.type) {
    case 'array':
      return `list of ${node.items === undefined ? 'anything' : typeWords(node.items)}`;
    case 'object':
      return 'map';
    case 'string':
      return node.format === 'uri' ? 'address' : 'text';
    case 'integer':
      return 'whole number';
    case 'boolean':
      return 'true | false';
    case 'number':
      return 'number';
    default:
      return 'anything';
  }
}

/** The default as somebody would write it in YAML; empty when there is none. */
export function defaultWords(node: SchemaNode): string {
  return node.default === undefined ? '' : flow(node.default);
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(([key, member]) => `${key}: ${flow(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}
