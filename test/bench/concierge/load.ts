import type { EventEmitter } from 'node:events';
import autocannon from 'autocannon';
import { freshAddress } from './routes.ts';

export const apiKey = 'key-of-the-bench';

/** A request that is sent as it stands. */
export interface Planned {
  readonly path: string;
  readonly sessionId: string;
  readonly body: object;
  readonly idempotencyKey?: string;
  /** Of whoever sends it; somebody new when left out. */
  readonly address?: string;
}

/** What a run of requests came to. */
export interface Ran {
  /** Answers below 500 other than 429. */
  readonly answered: number;
  /** Answers of 429 or 500 and above, by status. */
  readonly refused: ReadonlyMap<number, number>;
  /** Connections that broke and requests that were never answered. */
  readonly broken: number;
  readonly seconds: number;
  /** Milliseconds by path, unsorted. */
  readonly latencies: ReadonlyMap<string, readonly number[]>;
}

/** Every client of a run sends its own list, from the beginning again when it is through. */
export interface Run {
  readonly url: string;
  readonly lists: readonly (readonly Planned[])[];
  /** One of the two. */
  readonly seconds?: number;
  readonly requests?: number;
}

export function headersOf(sessionId: string, address = freshAddress()): Record<string, string> {
  return {
    'content-type': 'application/json',
    authorization: `Bearer ${apiKey}`,
    'x-session-id': sessionId,
    'x-forwarded-for': address,
  };
}

const asRequest = ({ path, sessionId, body, idempotencyKey, address }: Planned) => ({
  method: 'POST' as const,
  path,
  headers: {
    ...headersOf(sessionId, address),
    ...(idempotencyKey === undefined ? {} : { 'x-idempotency-key': idempotencyKey }),
  },
  body: JSON.stringify(body),
});

/** Sends requests with autocannon. */
export async function send({ url, lists, seconds, requests }: Run): Promise<Ran> {
  const latencies = new Map<string, number[]>();
  const refused = new Map<number, number>();
  let answered = 0;
  let next = 0;
  const setupClient = (client: autocannon.Client) => {
    const list = lists[next % lists.length] ?? [];
    next += 1;
    client.setRequests(list.map(asRequest));
    let sent = 0;
    const emitter: EventEmitter = client;
    emitter.on('request', () => {
      sent += 1;
    });
    client.on('response', (status: number, _bytes: number, ms: number) => {
      if (status === 429 || status >= 500) refused.set(status, (refused.get(status) ?? 0) + 1);
      else answered += 1;
      const path = list[(sent - 1) % list.length]?.path ?? '';
      const known = latencies.get(path);
      if (known === undefined) latencies.set(path, [ms]);
      else known.push(ms);
    });
  };
  const result = await autocannon({
    url,
    connections: lists.length,
    timeout: 10,
    setupClient,
    ...(seconds === undefined ? {} : { duration: seconds }),
    ...(requests === undefined ? {} : { amount: requests }),
  });
  const broken = result.errors + result.timeouts;
  return { answered, refused, broken, seconds: result.duration, latencies };
}
