import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { answerCustomer, type Endpoint, readInput } from '../http/endpoint.ts';
import type { Services } from '../services.ts';
import { proxyOperation } from './proxy-operation.ts';

/** A question in the runbook's own words. */
export interface Dialect {
  readonly schema: z.ZodType;
  /** Whether a body is written in it; others are read in the API's words. */
  speaks(body: Readonly<Record<string, unknown>>): boolean;
  /** The same question in the API's words; the endpoint validates it again. */
  translate(question: never): unknown;
}

/** One of the runbook's routes: another door to an endpoint, without a key. */
export interface SupportProxy<Input extends { readonly sessionId: string }> {
  readonly path: string;
  readonly endpoint: Endpoint<Input>;
  /** The code of a 502, when what lies behind fails. */
  readonly failsAs: string;
  readonly dialect?: Dialect;
  /** May be asked with GET, too: how a query becomes a body. */
  readonly query?: { readonly schema: z.ZodType; read(query: unknown): Record<string, unknown> };
}

/** A route of the runbook's, as it is written; only for the types. */
export function supportProxy<Input extends { readonly sessionId: string }>(
  proxy: SupportProxy<Input>,
): SupportProxy<Input> {
  return proxy;
}

const anyObject = z.record(z.string(), z.unknown());

/** Adds a route of the runbook's to the server. */
export function addSupportProxy<Input extends { readonly sessionId: string }>(
  app: FastifyInstance,
  proxy: SupportProxy<Input>,
  services: Services,
): void {
  const { path, endpoint, failsAs, query } = proxy;
  const answer = (body: unknown, request: FastifyRequest, reply: FastifyReply) =>
    answerCustomer(endpoint, read(proxy, body), services, request, reply);
  const config = { customers: 'open' as const, failsAs };
  app.post(path, { config: { ...config, operation: proxyOperation(proxy) } }, (request, reply) =>
    answer(request.body, request, reply),
  );
  if (query === undefined) return;
  const operation = proxyOperation(proxy, query.schema);
  app.get(path, { config: { ...config, operation } }, (request, reply) => {
    const { sessionId } = request.concierge;
    const named = sessionId === null ? {} : { sessionId };
    return answer({ ...named, ...query.read(request.query) }, request, reply);
  });
}

/** The endpoint's input out of a body in either language. Throws 400. */
function read<Input extends { readonly sessionId: string }>(
  { endpoint, dialect }: SupportProxy<Input>,
  body: unknown,
): Input {
  const fields = anyObject.safeParse(body);
  if (dialect === undefined || !fields.success || !dialect.speaks(fields.data)) {
    return readInput(endpoint, body);
  }
  const { codes } = endpoint;
  const question = readInput(
    { schema: dialect.schema as z.ZodType<{ sessionId: string }>, codes },
    body,
  );
  return readInput(endpoint, dialect.translate(question as never));
}
