import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { EventDraft } from '../analytics/events.ts';
import { analyticsEnvironment } from '../analytics/events.ts';
import type { ProductCard } from '../catalogue/cards.ts';
import { ApiError } from '../errors.ts';
import { isoTime } from '../iso-time.ts';
import { type Draft, envelope, type Intent } from '../messages.ts';
import { operationOf } from '../openapi/endpoint-operation.ts';
import type { Services } from '../services.ts';
import type { StoredAnswer } from '../storage/store.ts';
import type { Scope } from './authentication.ts';
import { onceForKey, requireKey } from './idempotency.ts';
import { type Deprecation, deprecationHeaders, type ErrorCodes } from './operation.ts';
import { refuseBeyond, tighter, writeAllowance } from './rate-limit.ts';
import { header, type RequestState } from './request-state.ts';
import { writeAnswer } from './write-answer.ts';

/** Whose request it is. */
export interface Customer {
  readonly sessionId: string;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What an endpoint answers: fields of the body, messages for the widget, and what happened. */
export interface Outcome {
  readonly body: Readonly<Record<string, unknown>>;
  readonly messages: readonly Draft[];
  readonly events?: readonly EventDraft[];
  /** The list of cards that the body shows, where it shows one: its text is known already. */
  readonly cards?: readonly ProductCard[];
  /** Where the endpoint has no intent of its own: what was found; null for none. */
  readonly intent?: Intent | null;
  /** A rating that counts. */
  readonly rating?: 'great' | 'needs_follow_up';
}

/** One endpoint of the API. */
export interface Endpoint<Input extends { readonly sessionId: string }> {
  readonly path: string;
  /** Null: it depends on what is said, and the outcome tells. */
  readonly intent: Intent | null;
  /** One line for the API's description. */
  readonly summary: string;
  /** What a key must be allowed to do. */
  readonly scope: Scope;
  readonly schema: z.ZodType<Input>;
  /** The body of a 200, without `requestId` and `messages`, which all have. For the description. */
  readonly response: z.ZodObject;
  /** Refusals of its own, besides those of its input. For the description. */
  readonly errors?: ErrorCodes;
  /** First element of a bad field's path (or the whole, dotted) -> error code; `*` for the rest. */
  readonly codes: Readonly<Record<string, string>>;
  /** A second path without a key, for the widget itself. */
  readonly openPath?: string;
  readonly needsKey?: boolean;
  readonly deprecation?: Deprecation;
  /** What to answer when the storage fails; 500 server.error when left out. */
  readonly failure?: { readonly status: number; readonly code: string; readonly message: string };
  /** An answer in place of the real one while a flag is off; undefined when all is well. */
  degraded?(input: Input, customer: Customer, services: Services): Outcome | undefined;
  handle(input: Input, customer: Customer, services: Services): Promise<Outcome>;
}

const jsonType = 'application/json; charset=utf-8';

/** An answer on its way out. */
interface Answer extends StoredAnswer {
  readonly replayed?: boolean;
  readonly cards?: readonly ProductCard[];
}

/** Adds an endpoint's routes to the server. */
export function addEndpoint<Input extends { readonly sessionId: string }>(
  app: FastifyInstance,
  endpoint: Endpoint<Input>,
  services: Services,
): void {
  const handler = (request: FastifyRequest, reply: FastifyReply) =>
    answerCustomer(endpoint, readInput(endpoint, request.body), services, request, reply);
  const operation = operationOf(endpoint);
  const { path, openPath, scope } = endpoint;
  app.post(path, { config: { customers: 'with-key', scope, operation } }, handler);
  if (openPath !== undefined) {
    const open = { ...operation, tag: 'support' as const };
    app.post(openPath, { config: { customers: 'open', operation: open } }, handler);
  }
}

/** Answers a customer whose input was found to be good. */
export async function answerCustomer<Input extends { readonly sessionId: string }>(
  endpoint: Endpoint<Input>,
  input: Input,
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const state = request.concierge;
  if (state.sessionId !== null && state.sessionId !== input.sessionId) {
    throw new ApiError(400, 'validation.session', 'Header and body name different sessions.');
  }
  state.sessionId = input.sessionId;
  if (!state.probe) limitSession(services, input.sessionId, state, reply);
  if (endpoint.deprecation !== undefined) reply.headers(deprecationHeaders(endpoint.deprecation));
  const customer: Customer = {
    sessionId: input.sessionId,
    requestId: request.id,
    idempotencyKey: header(request, 'x-idempotency-key'),
    now: Date.now(),
  };
  const answer = await answerOf(endpoint, input, customer, state, services);
  if (state.allowance !== null) writeAllowance(reply, state.allowance);
  // The body still names the first request.
  if (answer.replayed === true) reply.header('x-idempotency-replayed', 'true');
  reply.code(answer.status);
  const { body, cards } = answer;
  if (cards !== undefined) {
    reply.header('content-type', jsonType);
    // A build's plugin may put another body in place: that one is written as it is.
    reply.serializer((sent: unknown) =>
      sent === body ? writeAnswer(body, cards) : JSON.stringify(sent),
    );
  }
  return body;
}

/** The validated body. Throws 400 with the code that the endpoint has for the first bad field. */
export function readInput<Input extends { readonly sessionId: string }>(
  endpoint: Pick<Endpoint<Input>, 'schema' | 'codes'>,
  body: unknown,
): Input {
  const parsed = endpoint.schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  const first = String(issue?.path[0] ?? '');
  const code = first === 'sessionId' ? 'validation.session' : codeOf(endpoint.codes, path, first);
  const where = path === '' ? '' : `${path}: `;
  throw new ApiError(400, code, `${where}${issue?.message ?? 'not valid'}`);
}

function codeOf(codes: Readonly<Record<string, string>>, path: string, first: string): string {
  return codes[path] ?? codes[first] ?? codes['*'] ?? `validation.${first === '' ? 'body' : first}`;
}

/** Counts a request of a session. Throws 429 when it is one too many. */
export function limitSession(
  services: Services,
  sessionId: string,
  state: RequestState,
  reply: FastifyReply,
): void {
  const counted = services.limits.countSession(sessionId);
  state.allowance = tighter(counted.allowance, state.allowance);
  refuseBeyond(counted, 'session', reply);
}

/** The answer with status and whole body: degraded, given before for this key, or made now. */
async function answerOf<Input extends { readonly sessionId: string }>(
  endpoint: Endpoint<Input>,
  input: Input,
  customer: Customer,
  state: RequestState,
  services: Services,
): Promise<Answer> {
  // First, so that a client without a key learns of it whatever the flags say.
  if (endpoint.needsKey === true) requireKey(customer.idempotencyKey);
  const degraded = endpoint.degraded?.(input, customer, services);
  if (degraded !== undefined) return conclude(endpoint, degraded, customer, state, services);
  const run = async () => {
    const outcome = await endpoint.handle(input, customer, services);
    return conclude(endpoint, outcome, customer, state, services);
  };
  try {
    if (endpoint.needsKey !== true) return await run();
    const { key, body } = { key: customer.idempotencyKey, body: input };
    const keyed = { endpoint: endpoint.path, sessionId: customer.sessionId, key, body };
    const { answer, replayed } = await onceForKey(services.store, keyed, () =>
      refusalAsAnswer(run, customer),
    );
    return { ...answer, replayed };
  } catch (error) {
    throw storageFailure(endpoint, error);
  }
}

async function refusalAsAnswer(
  run: () => Promise<StoredAnswer>,
  customer: Customer,
): Promise<StoredAnswer> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof ApiError) || error.status >= 500) throw error;
    const { status, code, message } = error;
    return { status, body: { code, message, requestId: customer.requestId } };
  }
}

function storageFailure(endpoint: Pick<Endpoint<never>, 'failure'>, error: unknown): unknown {
  const { failure } = endpoint;
  if (failure === undefined || error instanceof ApiError) return error;
  return new ApiError(failure.status, failure.code, failure.message, { cause: error });
}

/** Tells analytics and the session cache, and makes the body. */
function conclude(
  endpoint: Pick<Endpoint<never>, 'intent'>,
  outcome: Outcome,
  customer: Customer,
  state: RequestState,
  services: Services,
): Answer {
  const { sessionId, requestId, now } = customer;
  const intent = endpoint.intent ?? outcome.intent ?? null;
  if (!state.probe) {
    const who = {
      timestamp: new Date(now),
      sessionId,
      requestId,
      environment: analyticsEnvironment[services.settings.environment],
      build: services.identity.build,
    };
    for (const { event, fields } of outcome.events ?? []) {
      // Several spreads in one literal would cost more than all the rest of the answer.
      services.events.emit(Object.assign({}, fields, { event }, who));
    }
    if (outcome.rating !== undefined) services.metrics.rated(outcome.rating);
    services.sessions.remember({
      sessionId,
      updatedAt: isoTime(now),
      lastIntent: intent,
      lastRequestId: requestId,
      build: who.build,
    });
  }
  const messages = envelope(outcome.messages, intent, now);
  const body = Object.assign({}, outcome.body, { requestId, messages });
  const { cards } = outcome;
  return cards === undefined ? { status: 200, body } : { status: 200, body, cards };
}
