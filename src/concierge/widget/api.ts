import { type Fields, fieldsOf, listOf, textOf } from './data.ts';

/** A message as the API sends it; nothing about its payload is taken for granted. */
export interface WidgetMessage {
  readonly type: string;
  readonly payload: Fields;
}

/** A good answer. */
export interface Answer {
  readonly body: Fields;
  readonly messages: readonly WidgetMessage[];
}

/** Why there was no good answer. `status` 0: none came at all. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(status: number, code: string, message: string, requestId?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

const patienceMs = 12_000;

/** The API as the widget asks it: same origin, this session, no key. */
export class Api {
  readonly #sessionId: string;
  #leaving = new AbortController();
  /** A question that came to nothing keeps its key, so that trying again cannot do it twice. */
  readonly #keys = new Map<string, string>();

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  /** Posts a question. `once` marks what must not happen twice. Throws Refusal. */
  async post(path: string, question: Fields, options: { once?: boolean } = {}): Promise<Answer> {
    const body = JSON.stringify({ ...question, sessionId: this.#sessionId });
    const use = `${path}\n${body}`;
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-session-id': this.#sessionId,
    };
    if (options.once === true) headers['x-idempotency-key'] = this.#keyFor(use);
    const answer = await this.#send(path, headers, body);
    if (answer.status < 500 && answer.status !== 429) this.#keys.delete(use);
    return read(answer);
  }

  /** Breaks off what is under way. */
  leave(): void {
    this.#leaving.abort();
    this.#leaving = new AbortController();
  }

  async #send(path: string, headers: Record<string, string>, body: string): Promise<Response> {
    const ending = new AbortController();
    const end = () => ending.abort();
    const timer = setTimeout(end, patienceMs);
    const leaving = this.#leaving.signal;
    leaving.addEventListener('abort', end, { once: true });
    try {
      const answer = await fetch(path, { method: 'POST', headers, body, signal: ending.signal });
      // Within the same patience: an answer that never ends is none.
      const content = await answer.arrayBuffer();
      return new Response(content, answer);
    } catch {
      const code = ending.signal.aborted ? 'widget.slow' : 'widget.offline';
      throw new Refusal(0, code, 'no answer');
    } finally {
      clearTimeout(timer);
      leaving.removeEventListener('abort', end);
    }
  }

  #keyFor(use: string): string {
    const known = this.#keys.get(use);
    if (known !== undefined) return known;
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const key = `idem-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
    this.#keys.set(use, key);
    return key;
  }
}

async function read(answer: Response): Promise<Answer> {
  const content: unknown = await answer.json().catch(() => null);
  const body = fieldsOf(content);
  const requestId = textOf(body.requestId) ?? answer.headers.get('x-request-id') ?? undefined;
  if (!answer.ok || content === null) {
    // Some routes have one code for many reasons, and name the reason beside it.
    const code = textOf(body.reason) ?? textOf(body.code) ?? 'widget.unreadable';
    throw new Refusal(answer.status, code, textOf(body.message) ?? '', requestId);
  }
  const messages = listOf(body.messages).map((one) => {
    const { type, payload } = fieldsOf(one);
    return { type: textOf(type) ?? 'unnamed', payload: fieldsOf(payload) };
  });
  return { body, messages };
}
