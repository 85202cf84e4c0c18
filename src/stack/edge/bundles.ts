import type { IncomingMessage, ServerResponse } from 'node:http';
import { failureOf, sendFailure } from './answers.ts';
import { type CachedAnswer, type CdnCache, sharedLifetime } from './cdn-cache.ts';
import type { Choice } from './choose.ts';
import { type FlatHeaders, forwardable } from './headers.ts';
import type { Pools } from './pools.ts';
import type { Target } from './state.ts';

const notKept: ReadonlySet<string> = new Set([
  'age',
  'x-cache',
  'x-aurora-slot',
  'x-aurora-cohort',
  'x-request-id',
  'content-length',
]);
/** A request for a bundle asks for all of it, whatever the browser has: the cache holds it whole. */
const notAsked: ReadonlySet<string> = new Set([
  'range',
  'if-range',
  'if-none-match',
  'if-modified-since',
  'accept-encoding',
]);

/** One request below `/widget/`. */
export interface BundleRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly headers: FlatHeaders;
  readonly choice: Choice | null;
  /** The other slot in traffic, if any: it may hold the bundle that this session's slot does not. */
  readonly other: Target | null;
}

interface Fetched {
  readonly status: number;
  readonly headers: FlatHeaders;
  readonly lifetime: number;
  readonly body: Buffer;
  readonly slot: string;
}

function flatten(received: Readonly<Record<string, string | string[] | undefined>>): FlatHeaders {
  return Object.entries(received).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().flatMap((one) => [name, one]),
  );
}

async function fetchFrom(pools: Pools, target: Target, asked: BundleRequest): Promise<Fetched> {
  const answer = await pools.of(target.url).request({
    method: 'GET',
    path: asked.path,
    headers: forwardable(asked.headers, undefined, notAsked),
  });
  const cookies = answer.headers['set-cookie'] !== undefined;
  const control = answer.headers['cache-control'];
  return {
    status: answer.statusCode,
    headers: forwardable(flatten(answer.headers), undefined, notKept),
    lifetime: cookies ? 0 : sharedLifetime(typeof control === 'string' ? control : undefined),
    body: Buffer.from(await answer.body.arrayBuffer()),
    slot: target.slot,
  };
}

/**
 * Asks this session's slot, and the other one when the first does not have the file: a page may have
 * been made before its session moved, and the file is the same wherever it comes from.
 */
async function fetchBundle(pools: Pools, choice: Choice, asked: BundleRequest): Promise<Fetched> {
  const first = await fetchFrom(pools, choice.target, asked);
  if (first.status !== 404 || asked.other === null) return first;
  const second = await fetchFrom(pools, asked.other, asked);
  return second.status === 200 ? second : first;
}

function send(
  asked: BundleRequest,
  status: number,
  answer: Pick<CachedAnswer, 'headers' | 'body'>,
  more: FlatHeaders,
): void {
  const length = ['content-length', String(answer.body.length)];
  asked.response.writeHead(status, [...answer.headers, ...length, ...more]);
  asked.response.end(asked.request.method === 'HEAD' ? undefined : answer.body);
}

async function miss(cache: CdnCache, pools: Pools, asked: BundleRequest): Promise<void> {
  const { request, response, choice, path } = asked;
  if (choice === null) {
    sendFailure(request, response, 'edge.no_slot');
    return;
  }
  const { generation } = cache;
  const fetched = await fetchBundle(pools, choice, asked);
  if (fetched.status === 200 && fetched.lifetime > 0) {
    const storedAt = Date.now();
    const freshUntil = storedAt + fetched.lifetime * 1_000;
    cache.set(
      path,
      { headers: fetched.headers, body: fetched.body, storedAt, freshUntil },
      generation,
    );
  }
  const marks = [
    'x-cache',
    'MISS',
    'x-aurora-slot',
    fetched.slot,
    'x-aurora-cohort',
    choice.cohort,
  ];
  send(asked, fetched.status, fetched, marks);
}

/** Answers GET and HEAD below `/widget/` as a CDN does: from memory, else from a slot. */
export function serveBundle(cache: CdnCache, pools: Pools, asked: BundleRequest): void {
  const now = Date.now();
  const kept = cache.get(asked.path, now);
  if (kept !== undefined) {
    const age = String(Math.floor((now - kept.storedAt) / 1_000));
    send(asked, 200, kept, ['x-cache', 'HIT', 'age', age]);
    return;
  }
  miss(cache, pools, asked).catch((error: unknown) => {
    sendFailure(asked.request, asked.response, failureOf(error));
  });
}
