import type { DescribedRoute } from './document.ts';
import { bodySchema, type JsonSchema } from './schemas.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: string;
  readonly schema: JsonSchema;
}

const requestId: Parameter = {
  name: 'x-request-id',
  in: 'header',
  required: false,
  description: 'Made up when it is left out',
  schema: { type: 'string', pattern: '^[\\w.:-]{1,128}$' },
};
const session: Parameter = {
  name: 'x-session-id',
  in: 'header',
  required: false,
  description: 'The session that the body names; what lies between reads no bodies',
  schema: { type: 'string', pattern: '^[\\w.:-]{6,128}$' },
};
const apiVersion: Parameter = {
  name: 'x-api-version',
  in: 'header',
  required: false,
  schema: { const: 'v1' },
};
const idempotencyKey: Parameter = {
  name: 'x-idempotency-key',
  in: 'header',
  required: true,
  description: 'The same key and body get the same answer for 24 hours',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{8,64}$' },
};

/** Everything that a request says outside of its body. */
export function parametersOf(route: DescribedRoute): readonly Parameter[] {
  const { method, url, operation, limited } = route;
  const inPath = [...url.matchAll(/:(\w+)/g)].map(
    ([, name = '']): Parameter => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    }),
  );
  return [
    ...inPath,
    ...(method === 'GET' && operation.request !== undefined ? queryOf(operation.request) : []),
    requestId,
    ...(limited ? [session, apiVersion] : []),
    ...(operation.needsKey === true ? [idempotencyKey] : []),
  ];
}

function queryOf(query: Parameters<typeof bodySchema>[0]): readonly Parameter[] {
  const { properties = {}, required = [] } = bodySchema(query, 'input') as {
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query' as const,
    required: required.includes(name),
    schema,
  }));
}
