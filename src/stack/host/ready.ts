import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { http } from '../../services/http/request.ts';

const health = z.looseObject({ status: z.string(), build: z.string() });
const pollMs = 20;

/** The build that answers at `/api/health`, or null as long as nobody answers 200. */
async function askHealth(url: string, signal: AbortSignal): Promise<string | null> {
  try {
    const answer = await http({ url: `${url}/api/health`, timeoutMs: 1_000 }, signal);
    if (answer.status !== 200) return null;
    const parsed = health.safeParse(JSON.parse(answer.text));
    return parsed.success ? parsed.data.build : null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

/** Waits until a slot is healthy and returns the digest that it answers. Throws when `signal` aborts. */
export async function waitUntilHealthy(url: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    const build = await askHealth(url, signal);
    if (build !== null) return build;
    await delay(pollMs, undefined, { signal });
  }
}
