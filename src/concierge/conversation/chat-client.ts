import type { Ending, Trouble } from './breaker.ts';
import { type Proposal, readCompletion } from './model-answer.ts';
import { questionFor } from './prompt.ts';

/** Where the model is, and what opens it. */
export interface ModelSettings {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
}

/** What came of one question. `detail` is for the log: our own words, never the model's. */
export type Asked =
  | { readonly ok: true; readonly proposal: Proposal }
  | (Exclude<Ending, { ok: true }> & { readonly detail: string });

const largestAnswer = 64 * 1024;

const pauses = {
  /** Too many requests, and no word about how long. */
  usual: 30_000,
  /** Nobody pays within seconds. */
  unpaid: 300_000,
  /** A key that is wrong stays wrong. */
  refused: 60_000,
  shortest: 1_000,
  longest: 3_600_000,
} as const;

/** Asks for the intent of a text. Ends within `deadlineMs`, never throws. */
export async function askModel(
  settings: ModelSettings,
  text: string,
  deadlineMs: number,
  closing: AbortSignal,
): Promise<Asked> {
  const answer = await reach(settings, deadlineMs, closing, {
    path: '/chat/completions',
    body: questionFor(text, settings.model),
  });
  if (!answer.ok) return answer;
  const proposal = readCompletion(answer.body);
  return proposal === undefined
    ? failed('error', 'an answer that makes no sense')
    : { ok: true, proposal };
}

/** Asks whether the model is there and takes the key, which costs nothing. Never throws. */
export async function lookAtModel(
  settings: ModelSettings,
  deadlineMs: number,
  closing: AbortSignal,
): Promise<Ending> {
  return reach(settings, deadlineMs, closing, { path: '/models' });
}

type Reached = { readonly ok: true; readonly body: string } | Exclude<Asked, { ok: true }>;

function failed(trouble: Trouble, detail: string, pauseMs?: number): Exclude<Asked, { ok: true }> {
  return { ok: false, trouble, detail, ...(pauseMs === undefined ? {} : { pauseMs }) };
}

async function reach(
  { baseUrl, apiKey }: ModelSettings,
  deadlineMs: number,
  closing: AbortSignal,
  { path, body }: { readonly path: string; readonly body?: object },
): Promise<Reached> {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const response = await fetch(`${baseUrl}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect would carry the key and the text to somebody else.
      redirect: 'error',
      signal: AbortSignal.any([deadline, closing]),
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return refusal(response);
    }
    const content = await textOf(response);
    return content === undefined
      ? failed('error', 'too long an answer')
      : { ok: true, body: content };
  } catch {
    // What fetch throws may quote headers or the address: it is not passed on.
    return deadline.aborted
      ? failed('slow', `no answer within ${deadlineMs} ms`)
      : failed('error', 'it cannot be reached');
  }
}

function refusal({ status, headers }: Response): Exclude<Asked, { ok: true }> {
  const detail = `status ${status}`;
  const wait = waitOf(headers.get('retry-after'));
  if (status === 429) return failed('quota', detail, wait ?? pauses.usual);
  if (status === 402) return failed('quota', detail, wait ?? pauses.unpaid);
  if (status === 401 || status === 403) return failed('error', detail, pauses.refused);
  return failed('error', detail, status === 503 ? wait : undefined);
}

/** `Retry-After` in milliseconds, within reason: seconds, or a date. */
function waitOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  if (Number.isNaN(ms)) return undefined;
  return Math.min(pauses.longest, Math.max(pauses.shortest, ms));
}

/** The body as text; undefined when it is longer than any honest answer. */
async function textOf(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > largestAnswer) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
