import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { AuroraError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import type { Dispatcher } from '../../services/http/connect.ts';
import { type HttpAnswer, type HttpRequest, http } from '../../services/http/request.ts';
import type { SmokeRequest } from './list.ts';
import { fill } from './template.ts';

/** A rate limit is no answer to what is asked here; it is waited out, but not for ever. */
const mostTries = 8;
const longestPause = 5_000;

/** What one request of an interaction was answered. */
export interface SmokeAnswer {
  readonly path: string;
  readonly status: number;
  readonly requestId: string | null;
  /** Digest of the build that answered, when it said so. */
  readonly build: string | null;
  /** Types of `messages[]` in their order; null when the answer has none. */
  readonly types: readonly string[] | null;
  /** `code` of an error body. */
  readonly code: string | null;
  /** Text fields at the top of the body. */
  readonly fields: Readonly<Record<string, string>>;
}

/** How requests are sent. */
export interface Conversation {
  readonly base: string;
  readonly apiKey: Secret;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

function pauseOf(answer: HttpAnswer): number {
  const seconds = Number(answer.headers['retry-after']);
  return seconds > 0 ? Math.min(seconds * 1_000, longestPause) : 1_000;
}

/** Sends a request again while the answer is a rate limit. SERVICE_REFUSED when it stays one. */
async function sendPatiently(
  request: HttpRequest,
  { clock, signal }: Conversation,
): Promise<HttpAnswer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await http(request, signal);
    if (answer.status !== 429) return answer;
    if (tries === mostTries) {
      throw new AuroraError('SERVICE_REFUSED', `rate limited (429) ${tries} times in a row`, {
        where: `POST ${request.url}`,
        remedy: 'Wait a minute, or find out who uses up the limit of this address.',
      });
    }
    await clock.sleep(pauseOf(answer), signal);
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function typesOf(messages: unknown): readonly string[] | null {
  if (!Array.isArray(messages)) return null;
  return messages.map((message: unknown) => {
    const type = (message as { type?: unknown } | null)?.type;
    return typeof type === 'string' ? type : '(no type)';
  });
}

/** Reads an answer, whatever it is: judging it is somebody else's work. Pure. */
export function readAnswer(path: string, answer: HttpAnswer): SmokeAnswer {
  const body = parseObject(answer.text);
  const fields = Object.entries(body).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    path,
    status: answer.status,
    requestId: answer.headers['x-request-id'] ?? null,
    build: answer.headers['x-aurora-build'] ?? null,
    types: typesOf(body.messages),
    code: typeof body.code === 'string' ? body.code : null,
    fields: Object.fromEntries(fields),
  };
}

/**
 * Sends the requests of an interaction one after the other, each with what the earlier ones gave,
 * and stops at the first that is not answered with 200. SERVICE_* when there is no answer.
 */
export async function converse(
  requests: readonly SmokeRequest[],
  values: Readonly<Record<string, string>>,
  conversation: Conversation,
): Promise<readonly SmokeAnswer[]> {
  const known: Record<string, string> = { ...values };
  const answers: SmokeAnswer[] = [];
  for (const { path, body, idempotent, keep } of requests) {
    const headers = {
      authorization: `Bearer ${conversation.apiKey.reveal()}`,
      'x-session-id': known.sessionId ?? '',
      ...(idempotent ? { 'x-idempotency-key': `idem-smoke-${randomUUID()}` } : {}),
    };
    const answer = await sendPatiently(
      {
        method: 'POST',
        url: conversation.base + path,
        headers,
        body: fill(body, known) as object,
        dispatcher: conversation.dispatcher,
      },
      conversation,
    );
    const read = readAnswer(path, answer);
    answers.push(read);
    if (read.status !== 200) break;
    for (const name of keep) {
      const value = read.fields[name];
      if (value !== undefined) known[name] = value;
    }
  }
  return answers;
}
