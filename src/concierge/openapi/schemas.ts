import { z } from 'zod';
import { message } from './messages.ts';

/** A JSON Schema of draft 2020-12, as OpenAPI 3.1 wants it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The message's schema, which the others refer to. */
export function messageSchema(): JsonSchema {
  const { $defs, ...rest } = plain(z.toJSONSchema(message, { io: 'output' }));
  return (($defs as Record<string, JsonSchema> | undefined)?.Message ?? rest) as JsonSchema;
}

/** The schema of a body: as it may come in, or as it goes out. */
export function bodySchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $defs: _definitions, ...rest } = plain(
    z.toJSONSchema(schema, { io, unrepresentable: 'any' }),
  );
  return withReferences(rest) as JsonSchema;
}

/** Without what only stands at the top of a schema of its own. */
function plain(schema: object): Record<string, unknown> {
  const { $schema: _dialect, id: _id, $id: __id, ...rest } = schema as Record<string, unknown>;
  return rest;
}

/** Definitions lie beside the paths, for all of them. */
function withReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === '$ref' && typeof inner === 'string'
        ? inner.replace('#/$defs/', '#/components/schemas/')
        : withReferences(inner),
    ]),
  );
}
