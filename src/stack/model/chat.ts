import { z } from 'zod';
import type { ModelFault } from './faults.ts';
import { opinionOn } from './opinion.ts';

/** An answer in the shape of an OpenAI-style API. */
export interface ChatAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const question = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })).min(1),
});

const customerTurn = z.object({ message: z.string() });

/** An error as such APIs tell it. */
export function refusal(
  status: number,
  message: string,
  type: string,
  retryAfter?: number,
): ChatAnswer {
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return { status, headers, body: JSON.stringify({ error: { message, type, code: type } }) };
}

/** What a fault makes of every request; undefined when it leaves this one alone. */
export function faultAnswer({ kind, retryAfter }: ModelFault): ChatAnswer | undefined {
  const wait = retryAfter ?? undefined;
  if (kind === 'quota') return refusal(429, 'Rate limit reached', 'rate_limit_reached_error', wait);
  if (kind === 'unpaid') return refusal(402, 'Insufficient Balance', 'unknown_error', wait);
  if (kind === 'unauthorised') {
    return refusal(401, 'Authentication Fails', 'authentication_error');
  }
  if (kind === 'broken') return refusal(500, 'Internal error', 'server_error', wait);
  return kind === 'garbage' ? { status: 200, body: '<html>upstream</html>' } : undefined;
}

/** Answers a chat completion. */
export function complete(text: string, fault: ModelFault): ChatAnswer {
  const parsed = question.safeParse(jsonOf(text));
  if (!parsed.success) return refusal(400, 'Invalid request', 'invalid_request_error');
  const { model, messages } = parsed.data;
  const turn = customerTurn.safeParse(jsonOf(messages.at(-1)?.content ?? ''));
  const unknown = { intent: 'give_discount', confidence: 1, discount: 100 };
  const said =
    fault.kind === 'unknown-intent' ? unknown : opinionOn(turn.success ? turn.data.message : '');
  const content = JSON.stringify(said);
  const choice = { index: 0, finish_reason: 'stop', message: { role: 'assistant', content } };
  const created = Math.floor(Date.now() / 1_000);
  const body = { id: 'chat-rehearsal', object: 'chat.completion', created, model };
  return { status: 200, body: JSON.stringify({ ...body, choices: [choice] }) };
}

/** The list of models, which costs nothing. */
export function models(): ChatAnswer {
  const data = [{ id: 'deepseek-chat', object: 'model', owned_by: 'aurora-stack' }];
  return { status: 200, body: JSON.stringify({ object: 'list', data }) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
