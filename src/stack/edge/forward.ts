import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { failureOf, sendFailure } from './answers.ts';
import type { OutgoingBody } from './body.ts';
import type { Choice } from './choose.ts';
import { type FlatHeaders, forwardable } from './headers.ts';
import type { Pools } from './pools.ts';

const ownAnswerHeaders: ReadonlySet<string> = new Set(['x-aurora-slot', 'x-aurora-cohort']);
const repeatable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
const neverSent: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT']);

/** One customer's request on its way to a slot. */
export interface Forwarding {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly headers: FlatHeaders;
  readonly body: OutgoingBody;
  /** Asked again for a second attempt, since traffic may have been switched meanwhile. */
  readonly choose: () => Choice | null;
}

/**
 * Whether sending again can do no harm: nothing has been answered, the body is still at hand, and
 * the slot either never got the request or may get it twice.
 */
function mayRepeat(forwarding: Forwarding, error: unknown): boolean {
  const { request, response, body } = forwarding;
  if (response.headersSent || response.destroyed) return false;
  if (body !== null && !Buffer.isBuffer(body)) return false;
  const code = (error as { code?: unknown }).code;
  if (neverSent.has(code)) return true;
  const cut = code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
  return cut && repeatable.has(request.method ?? '');
}

/** Streams a slot's answer to the customer, with back pressure. */
function relay(
  forwarding: Forwarding,
  { target, cohort }: Choice,
  failed: (error: Error) => void,
): Dispatcher.DispatchHandler {
  const { request, response } = forwarding;
  let abort: (() => void) | undefined;
  const left = () => {
    if (!response.writableFinished) abort?.();
  };
  return {
    onRequestStart: (controller) => {
      abort = () => controller.abort(new Error('the customer has left'));
      if (response.destroyed) abort();
      else response.once('close', left);
    },
    onResponseStart: (controller, status) => {
      // 1xx answers come before the real one and end here.
      if (status < 200) return;
      const raw = Array.isArray(controller.rawHeaders) ? controller.rawHeaders : [];
      const headers = forwardable(raw, undefined, ownAnswerHeaders);
      headers.push('x-aurora-slot', target.slot, 'x-aurora-cohort', cohort);
      response.writeHead(status, headers);
    },
    onResponseData: (controller, chunk) => {
      if (response.write(chunk)) return;
      controller.pause();
      response.once('drain', () => controller.resume());
    },
    onResponseEnd: () => {
      response.off('close', left);
      response.end();
    },
    onResponseError: (_, error) => {
      response.off('close', left);
      if (request.destroyed && response.destroyed) return;
      failed(error);
    },
  };
}

/** Sends a request to its slot, and once more if the first attempt left no trace. */
export function forward(pools: Pools, forwarding: Forwarding, attempt = 1): void {
  const { request, response, headers, body } = forwarding;
  const choice = forwarding.choose();
  if (choice === null) {
    sendFailure(request, response, 'edge.no_slot');
    return;
  }
  const slotHeaders = { 'x-aurora-slot': choice.target.slot, 'x-aurora-cohort': choice.cohort };
  const failed = (error: Error) => {
    if (attempt === 1 && mayRepeat(forwarding, error)) forward(pools, forwarding, 2);
    else sendFailure(request, response, failureOf(error), slotHeaders);
  };
  pools.of(choice.target.url).dispatch(
    {
      method: (request.method ?? 'GET') as Dispatcher.HttpMethod,
      path: request.url ?? '/',
      headers,
      body,
    },
    relay(forwarding, choice, failed),
  );
}
