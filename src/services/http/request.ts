import { withDeadline } from '../../base/deadline.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import { createDispatcher, type Dispatcher } from './connect.ts';

/** One HTTP exchange. Header values may hold secrets: nothing here is ever put into an error. */
export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'HEAD' | 'PURGE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | object;
  /** Milliseconds for the whole exchange; 10,000 when left out. */
  readonly timeoutMs?: number;
  readonly dispatcher?: Dispatcher;
}

/** What came back besides the body. A header that came twice has its values joined by `, `. */
interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** The answer, read whole. */
export interface HttpAnswer extends AnswerHead {
  readonly text: string;
}

/** The answer, read whole and not decoded: for digests. */
export interface HttpBytes extends AnswerHead {
  readonly bytes: Uint8Array;
}

/**
 * Without a dispatcher of its own a request takes this one, never undici's global dispatcher: any
 * library in the process can replace that, for instance by one that follows HTTP_PROXY.
 */
const ownDispatcher = createDispatcher();

function flatHeaders(
  received: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [key, value] of Object.entries(received)) {
    if (value !== undefined) headers[key] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

/** As `http`, for a caller that needs the body byte by byte. */
export async function httpBytes(options: HttpRequest, signal: AbortSignal): Promise<HttpBytes> {
  const method = options.method ?? 'GET';
  const where = `${method} ${options.url.split('?')[0]}`;
  const deadline = withDeadline(signal, options.timeoutMs ?? 10_000, where);
  const isJson = typeof options.body === 'object';
  try {
    const dispatcher = await (options.dispatcher ?? ownDispatcher).open();
    const { oneRequest } = await import('./one-request.ts');
    const answer = await oneRequest(options.url, {
      method,
      headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...options.headers },
      body:
        typeof options.body === 'object' ? JSON.stringify(options.body) : (options.body ?? null),
      signal: deadline.signal,
      dispatcher,
    });
    const bytes = new Uint8Array(await answer.body.arrayBuffer());
    return { status: answer.statusCode, headers: flatHeaders(answer.headers), bytes };
  } catch (error) {
    if (deadline.signal.aborted) throw deadline.signal.reason;
    // The guard's word: nothing was sent.
    if (error instanceof AuroraError) throw error;
    throw new AuroraError('SERVICE_UNREACHABLE', `no answer: ${messageOf(error)}`, {
      where,
      cause: error,
    });
  } finally {
    deadline.done();
  }
}

/**
 * Sends one request and reads the answer whole as UTF-8, whatever its status. Throws
 * SERVICE_UNREACHABLE, naming method and address without its query, when there is no answer; the
 * parent's reason when the signal aborts; LEASE_LOST when the guard keeps a change from being sent.
 */
export async function http(options: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { bytes, ...head } = await httpBytes(options, signal);
  return { ...head, text: new TextDecoder().decode(bytes) };
}

/** Parses a JSON answer; SERVICE_ANSWER_INVALID when it is none. */
export function parseJson(answer: HttpAnswer, where: string): unknown {
  try {
    return JSON.parse(answer.text);
  } catch (cause) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', `status ${answer.status}, not JSON`, {
      where,
      cause,
    });
  }
}
