import { randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import type { WarmUpLimits } from './options.ts';

const lanes = 6;

/** What it takes until the concierge answers as fast as it ever will. */
export const enoughForConcierge: WarmUpLimits = { requests: 400, ms: 700 };

function productsBody(sessionId: string, n: number): string {
  const category = ['ring', 'earrings', 'necklace', 'bracelet'][n % 4];
  return JSON.stringify({ sessionId, category, readyToShip: n % 2 === 0, limit: 6 });
}

/** The n-th request, marked so that the concierge leaves it out of metrics, sessions and events. */
function requestOf(n: number, apiKey: string) {
  const sessionId = `sess_warmup_${randomBytes(6).toString('hex')}`;
  const headers = {
    'x-aurora-probe': 'warm-up',
    'x-session-id': sessionId,
    'x-forwarded-for': `198.18.${(n >> 8) & 255}.${n & 255}`,
  };
  if (n % 8 === 0) return { method: 'GET' as const, path: '/api/health', headers };
  if (n % 8 === 1) return { method: 'GET' as const, path: '/widget.js', headers };
  return {
    method: 'POST' as const,
    path: '/api/concierge/products',
    headers: {
      ...headers,
      'content-type': 'application/json',
      authorization: `Bearer ${apiKey}`,
    },
    body: productsBody(sessionId, n),
  };
}

/**
 * Lets a cold process compile its code before customers come: its first requests take ten times as
 * long. What it answers does not matter here; judging it is the gates' business. Returns how many
 * requests were answered.
 */
export async function warmUp(
  url: string,
  apiKey: string,
  signal: AbortSignal,
  limits: WarmUpLimits,
): Promise<number> {
  const pool = new Pool(url, { connections: lanes, headersTimeout: 2_000, bodyTimeout: 2_000 });
  const until = Date.now() + limits.ms;
  let next = 0;
  let answered = 0;
  const lane = async () => {
    while (next < limits.requests && Date.now() < until && !signal.aborted) {
      next += 1;
      try {
        const answer = await pool.request({ ...requestOf(next, apiKey), signal });
        await answer.body.dump();
        answered += 1;
      } catch {
        // A slot that breaks off is seen by its exit, not here.
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } finally {
    await pool.destroy();
  }
  signal.throwIfAborted();
  return answered;
}
