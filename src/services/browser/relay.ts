import type { BrowserContext, Request, Route } from 'playwright-core';
import { systemClock } from '../../base/clock.ts';
import type { Dispatcher } from '../http/connect.ts';
import { type HttpBytes, type HttpRequest, httpBytes } from '../http/request.ts';

/** Headers that belong to one connection, or to the encoding of a body that is read whole here. */
const ownToConnection = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'host',
  'keep-alive',
  'transfer-encoding',
]);
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'] as const;

/** A rate limit is waited out, as a customer would; not for ever. */
const mostTries = 8;
const longestPause = 5_000;

function withoutOwn(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !ownToConnection.has(name.toLowerCase())),
  );
}

/** Several cookies of one answer, which were joined by a comma, one on each line. Pure. */
export function cookieLines(joined: string): string {
  return joined.replace(/, (?=[^;,=\s]+=)/g, '\n');
}

/** What the browser is handed of an answer. Pure. */
export function answerHeaders(received: Readonly<Record<string, string>>): Record<string, string> {
  const headers = withoutOwn(received);
  const cookies = headers['set-cookie'];
  return cookies === undefined ? headers : { ...headers, 'set-cookie': cookieLines(cookies) };
}

function pauseOf({ headers }: HttpBytes): number {
  const seconds = Number(headers['retry-after']);
  return seconds > 0 ? Math.min(seconds * 1_000, longestPause) : 1_000;
}

async function sendPatiently(request: HttpRequest, signal: AbortSignal): Promise<HttpBytes> {
  for (let tries = 1; ; tries += 1) {
    const answer = await httpBytes(request, signal);
    if (answer.status !== 429 || tries === mostTries) return answer;
    await systemClock.sleep(pauseOf(answer), signal);
  }
}

async function toRequest(
  request: Request,
  context: BrowserContext,
  dispatcher: Dispatcher,
): Promise<HttpRequest | undefined> {
  const method = methods.find((one) => one === request.method());
  if (method === undefined) return undefined;
  // The browser hands out its cookies only on the wire, which this request never reaches.
  const cookies = await context.cookies(request.url());
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const body = request.postData();
  return {
    method,
    url: request.url(),
    headers: { ...withoutOwn(request.headers()), ...(cookie === '' ? {} : { cookie }) },
    ...(body === null ? {} : { body }),
    dispatcher,
  };
}

/** How a visitor's requests get out. */
export interface Relay {
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  /** Hears the headers of every answer. */
  readonly heard: (headers: Readonly<Record<string, string>>) => void;
}

/**
 * Sends every request of a visitor through aurora's one way out instead of the browser's own: by the
 * configuration's `connect:` map, and behind what stands before changes.
 */
export async function relayAll(
  context: BrowserContext,
  { dispatcher, signal, heard }: Relay,
): Promise<void> {
  const answer = async (route: Route) => {
    const request = await toRequest(route.request(), context, dispatcher);
    if (request === undefined) return route.abort('blockedbyclient');
    const { status, headers, bytes } = await sendPatiently(request, signal);
    heard(headers);
    return route.fulfill({ status, headers: answerHeaders(headers), body: Buffer.from(bytes) });
  };
  await context.route('**/*', (route) =>
    // A page that is closed while it loads has nobody left to answer.
    answer(route).catch(() => route.abort('failed').catch(() => undefined)),
  );
}
