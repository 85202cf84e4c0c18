import type { Scope } from '../http/authentication.ts';
import type { ErrorCodes, Operation } from '../http/operation.ts';
import { merged } from './endpoint-operation.ts';
import { parametersOf } from './parameters.ts';
import { bodySchema, type JsonSchema, messageSchema } from './schemas.ts';

/** A route of the server, as far as the description is concerned. */
export interface DescribedRoute {
  readonly method: string;
  /** As the server has it, with `:name` for parameters. */
  readonly url: string;
  readonly operation: Operation;
  /** Who may ask: holders of a key, everybody, or whoever a dashboard lets in. */
  readonly access: 'key' | 'open' | 'dashboard';
  readonly scope?: Scope;
  /** Counted against the limits of session and address. */
  readonly limited: boolean;
}

const version = '1.0.0';

/** The API's description in OpenAPI 3.1, made of the same schemas that requests are held against. */
export function openApiDocument(routes: readonly DescribedRoute[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: describe(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Aurora Concierge',
      version,
      description:
        'The concierge of a jewellery shop. Every answer carries x-request-id, and those of the API x-api-version and x-ratelimit-*.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'concierge', description: 'For clients that hold a key' },
      { name: 'support', description: 'For the widget and pages, without a key' },
      { name: 'dashboard', description: 'For people of the shop, by role' },
      { name: 'operations', description: 'For those who run it' },
    ],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'CONCIERGE_API_KEY' },
        dashboard: { type: 'http', scheme: 'bearer', description: 'A token with a role' },
      },
      schemas: { Message: messageSchema(), Failure: failure },
      headers,
    },
  };
}

const failure: JsonSchema = {
  type: 'object',
  properties: {
    code: { type: 'string' },
    message: { type: 'string' },
    requestId: { type: 'string' },
    reason: { type: 'string', description: 'Where code stands for many reasons: which of them' },
  },
  required: ['code', 'message', 'requestId'],
};

const integer = { schema: { type: 'integer' } };
const headers = {
  requestId: { description: 'Names the request in logs', schema: { type: 'string' } },
  apiVersion: { schema: { const: 'v1' } },
  limit: { description: 'Requests a minute', ...integer },
  remaining: { description: 'Requests left in this minute', ...integer },
  reset: { description: 'Seconds until all are left again', ...integer },
  retryAfter: { description: 'Seconds to wait', ...integer },
};

function describe(route: DescribedRoute): Record<string, unknown> {
  const { method, url, operation } = route;
  const { summary, tag, request, status = 200, deprecation } = operation;
  const withBody = method === 'POST' && request !== undefined;
  return {
    operationId: `${method.toLowerCase()}${url.replaceAll(/[^A-Za-z]+(\w)/g, (_, c) => c.toUpperCase())}`,
    summary,
    tags: [tag],
    ...(deprecation === undefined ? {} : { deprecated: true }),
    security: securityOf(route),
    parameters: parametersOf(route),
    ...(withBody
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: bodySchema(request, 'input') } },
          },
        }
      : {}),
    responses: { [status]: goodAnswer(route), ...refusals(route) },
  };
}

function securityOf({ access, scope }: DescribedRoute): readonly Record<string, string[]>[] {
  if (access === 'open') return [];
  return access === 'key' ? [{ key: scope === undefined ? [] : [scope] }] : [{ dashboard: [] }];
}

function goodAnswer(route: DescribedRoute): Record<string, unknown> {
  const { response } = route.operation;
  const content =
    response === null
      ? {}
      : { content: { 'application/json': { schema: bodySchema(response, 'output') } } };
  return { description: 'Done', headers: headersOf(route, false), ...content };
}

function refusals(route: DescribedRoute): Record<string, unknown> {
  const all = merged(shared(route), route.operation.errors);
  return Object.fromEntries(
    Object.entries(all).map(([status, codes]) => [
      status,
      {
        description: codes.join(', '),
        headers: headersOf(route, status === '429'),
        content: {
          'application/json': {
            schema: {
              allOf: [
                { $ref: '#/components/schemas/Failure' },
                { properties: { code: { enum: codes } } },
              ],
            },
          },
        },
      },
    ]),
  );
}

/** What any route of its kind may answer. */
function shared({ access, limited, method, operation }: DescribedRoute): ErrorCodes {
  const runbook = operation.errors[502] !== undefined;
  return merged(
    access === 'open' ? {} : { 401: ['auth.missing'], 403: ['auth.forbidden'] },
    limited ? { 429: ['rate.limit'] } : {},
    limited && !runbook
      ? { 400: ['validation.session', 'validation.api_version', 'validation.body'] }
      : {},
    method === 'POST' ? { 413: ['validation.too_large'], 415: ['validation.content_type'] } : {},
    runbook ? {} : { 500: ['server.error'] },
  );
}

function headersOf({ limited }: DescribedRoute, tooMany: boolean): Record<string, unknown> {
  const header = (name: keyof typeof headers) => ({ $ref: `#/components/headers/${name}` });
  return {
    'x-request-id': header('requestId'),
    ...(limited
      ? {
          'x-api-version': header('apiVersion'),
          'x-ratelimit-limit': header('limit'),
          'x-ratelimit-remaining': header('remaining'),
          'x-ratelimit-reset': header('reset'),
        }
      : {}),
    ...(tooMany ? { 'retry-after': header('retryAfter') } : {}),
  };
}
