import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'undici';
import { headersOf, type Planned, type Ran } from './load.ts';

/** People who ask, read for a while, and ask again. */
export interface Paced {
  readonly url: string;
  /** What each of them asks, one after the other. */
  readonly lists: readonly (readonly Planned[])[];
  readonly seconds: number;
  /** Between an answer and the next question: at least half of it, at most one and a half. */
  readonly pauseMs: number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Counts what came back. */
class Tally {
  readonly latencies = new Map<string, number[]>();
  readonly refused = new Map<number, number>();
  answered = 0;
  broken = 0;

  note(path: string, status: number, ms: number): void {
    if (status === 429 || status >= 500) {
      this.refused.set(status, (this.refused.get(status) ?? 0) + 1);
    } else this.answered += 1;
    const known = this.latencies.get(path);
    if (known === undefined) this.latencies.set(path, [ms]);
    else known.push(ms);
  }
}

async function ask(client: Client, planned: Planned, tally: Tally): Promise<void> {
  const { path, sessionId, body, idempotencyKey, address } = planned;
  const headers = headersOf(sessionId, address);
  if (idempotencyKey !== undefined) headers['x-idempotency-key'] = idempotencyKey;
  const begun = performance.now();
  try {
    const answer = await client.request({
      method: 'POST',
      path,
      headers,
      body: JSON.stringify(body),
    });
    await answer.body.dump();
    tally.note(path, answer.statusCode, performance.now() - begun);
  } catch {
    tally.broken += 1;
  }
}

/** All of them at once, each on a connection of its own. autocannon knows no pauses. */
export async function pace({ url, lists, seconds, pauseMs, random }: Paced): Promise<Ran> {
  const tally = new Tally();
  const end = performance.now() + seconds * 1_000;
  const visit = async (list: readonly Planned[]) => {
    const client = new Client(url, { headersTimeout: 10_000, bodyTimeout: 10_000 });
    await delay(random() * pauseMs);
    for (let next = 0; performance.now() < end; next += 1) {
      const planned = list[next % list.length];
      if (planned !== undefined) await ask(client, planned, tally);
      await delay((0.5 + random()) * pauseMs);
    }
    await client.close();
  };
  await Promise.all(lists.map(visit));
  const { answered, refused, broken, latencies } = tally;
  return { answered, refused, broken, seconds, latencies };
}
