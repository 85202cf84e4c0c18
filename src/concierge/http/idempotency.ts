import { ApiError } from '../errors.ts';
import { sha256 } from '../ids.ts';
import type { Store, StoredAnswer } from '../storage/store.ts';

const keyPattern = /^[\x21-\x7e]{8,64}$/;

/** Whose key it is, and what it is used for. */
export interface KeyedRequest {
  readonly endpoint: string;
  readonly sessionId: string;
  readonly key: string | undefined;
  /** The body after validation. */
  readonly body: unknown;
}

/** Checks that there is a usable key. Throws 400. */
export function requireKey(key: string | undefined): string {
  if (key !== undefined && keyPattern.test(key)) return key;
  const message = 'x-idempotency-key with 8 to 64 characters is required.';
  throw new ApiError(400, 'IDEMPOTENCY_REQUIRED', message);
}

/**
 * Runs a request once for each key: again with the same body, the first answer is given again
 * (`replayed`); with another body, or while the first is running, 409. A request that failed on the
 * server's side frees its key; a refusal is an answer and is kept like one.
 */
export async function onceForKey(
  store: Store,
  request: KeyedRequest,
  run: () => Promise<StoredAnswer>,
): Promise<{ readonly answer: StoredAnswer; readonly replayed: boolean }> {
  const key = requireKey(request.key);
  const { endpoint, sessionId } = request;
  const hash = sha256(`${endpoint}\n${sessionId}\n${key}`);
  const bodyHash = sha256(JSON.stringify(request.body));
  const claim = await store.claimKey({ hash, endpoint, sessionId, bodyHash });
  switch (claim.state) {
    case 'answered':
      return { answer: claim.answer, replayed: true };
    case 'other-body':
      throw new ApiError(409, 'idempotency.conflict', 'This key was used for another request.');
    case 'running':
      throw new ApiError(409, 'idempotency.running', 'The first request with this key still runs.');
    case 'fresh':
      return { answer: await runAndKeep(store, hash, run), replayed: false };
  }
}

async function runAndKeep(
  store: Store,
  hash: string,
  run: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  let answer: StoredAnswer;
  try {
    answer = await run();
  } catch (error) {
    await store.freeKey(hash).catch(() => undefined);
    throw error;
  }
  // The work is done: that its answer could not be kept is no reason to tell the customer it failed.
  await store.answerKey(hash, answer).catch(() => undefined);
  return answer;
}
