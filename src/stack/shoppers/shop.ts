import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';
import type { ShopperTarget } from './options.ts';
import type { ShopCounter } from './stats.ts';

/** One question to the concierge. */
export interface Question {
  readonly path: string;
  readonly sessionId: string;
  /** The shopper's own address. */
  readonly address: string;
  readonly body: object;
  readonly idempotencyKey?: string;
  /** Error codes that are a fair answer: a return that is under way already. */
  readonly fairRefusals?: readonly string[];
  /** Whether the answer is read; others are let go by unread. */
  readonly read?: boolean;
}

/** What came of it. */
export interface Reply {
  readonly ok: boolean;
  /** Whether the shopper had no reason to expect this. */
  readonly unexpected: boolean;
  /** The parsed body of a 200 that was to be read; else undefined. */
  readonly body: unknown;
}

/** The shop as its customers reach it: one keep-alive pool for all of them. */
export interface Shop {
  ask(question: Question): Promise<Reply>;
  close(): Promise<void>;
}

function headersOf(target: ShopperTarget, question: Question): Record<string, string> {
  const headers: Record<string, string> = {
    host: target.host,
    authorization: `Bearer ${target.apiKey}`,
    'content-type': 'application/json',
    'x-session-id': question.sessionId,
    'x-forwarded-for': question.address,
  };
  if (question.idempotencyKey !== undefined) headers['x-idempotency-key'] = question.idempotencyKey;
  return headers;
}

function codeOf(body: unknown): string {
  const code = (body as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** Opens no connection before the first question. Failed questions are counted, never thrown. */
export function openShop(target: ShopperTarget, counter: ShopCounter): Shop {
  const pool = new Pool(target.url, {
    connections: 64,
    pipelining: 1,
    headersTimeout: 5_000,
    bodyTimeout: 5_000,
    connect: { timeout: 2_000 },
  });

  const send = async (question: Question): Promise<{ status: number; body: unknown }> => {
    try {
      const { statusCode: status, body } = await pool.request({
        method: 'POST',
        path: question.path,
        headers: headersOf(target, question),
        body: JSON.stringify({ sessionId: question.sessionId, ...question.body }),
      });
      const refused = status !== 200 && question.fairRefusals !== undefined;
      if (refused || (status === 200 && question.read === true)) {
        return { status, body: await body.json() };
      }
      await body.dump();
      return { status, body: undefined };
    } catch {
      return { status: 0, body: undefined };
    }
  };

  return {
    ask: async (question) => {
      const began = performance.now();
      const { status, body } = await send(question);
      const ok = status === 200;
      const unexpected = !ok && question.fairRefusals?.includes(codeOf(body)) !== true;
      counter.answered(status, performance.now() - began, !unexpected);
      return { ok, unexpected, body: ok ? body : undefined };
    },
    close: () => pool.destroy(),
  };
}
