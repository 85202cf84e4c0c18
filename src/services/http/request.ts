import { type Dispatcher, request } from 'undici';
import { AuroraError, messageOf } from '../../base/errors.ts';
import { withDeadline } from '../../base/deadline.ts';

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

/** The answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Sends one request and reads the answer whole, whatever its status. Throws SERVICE_UNREACHABLE,
 * naming method and address without its query, when there is no answer; the parent's reason when
 * the signal aborts.
 */
export async function http(options: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const where = `${options.method ?? 'GET'} ${options.url.split('?')[0]}`;
  const deadline = withDeadline(signal, options.timeoutMs ?? 10_000, where);
  const isJson = typeof options.body === 'object';
  try {
    const answer = await request(options.url, {
      method: (options.method ?? 'GET') as Dispatcher.HttpMethod,
      headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...options.headers },
      body: isJson ? JSON.stringify(options.body) : ((options.body as string | undefined) ?? null),
      signal: deadline.signal,
      ...(options.dispatcher === undefined ? {} : { dispatcher: options.dispatcher }),
    });
    const headers: Record<string, string> = {};
    for (const [key, value] of Object.entries(answer.headers)) {
      if (value !== undefined) headers[key] = Array.isArray(value) ? value.join(', ') : value;
    }
    return { status: answer.statusCode, headers, text: await answer.body.text() };
  } catch (error) {
    if (deadline.signal.aborted) throw deadline.signal.reason;
    throw new AuroraError('SERVICE_UNREACHABLE', `no answer: ${messageOf(error)}`, {
      where,
      cause: error,
    });
  } finally {
    deadline.done();
  }
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
