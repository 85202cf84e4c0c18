import type { Redis } from 'ioredis';
import type { RedisChange } from '../change.ts';

/** Keys looked at in one step. Redis' default of 10 takes ten seconds for what this does in one. */
const step = '1000';

/** A prefix as a glob that matches keys which begin with it literally, and no others. */
export function prefixPattern(prefix: string): string {
  return `${prefix.replaceAll(/[*?[\\]/g, '\\$&')}*`;
}

/** What removes the keys that begin with the prefix: which ones, only the server's scan tells. */
export function clearChange(service: string, prefix: string): RedisChange {
  const keys = `<the keys that SCAN finds for ${prefixPattern(prefix)}>`;
  return { via: 'redis', service, argv: ['UNLINK', keys] };
}

/** How many keys begin with the prefix. */
export async function countPrefix(client: Redis, prefix: string): Promise<number> {
  // A scan may meet a key twice while the server resizes its table.
  const seen = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = await client.scanBuffer(
      cursor,
      'MATCH',
      prefixPattern(prefix),
      'COUNT',
      step,
    );
    for (const key of keys) seen.add(key.toString('latin1'));
    cursor = next.toString();
  } while (cursor !== '0');
  return seen.size;
}

/**
 * Removes the keys that begin with the prefix; returns how many. Each round trip removes what the
 * last one found and looks further, and the server frees the memory in the background.
 */
export async function clearPrefix(client: Redis, prefix: string): Promise<number> {
  const start = Buffer.from(prefix);
  let removed = 0;
  let found: readonly Buffer[] = [];
  let cursor: string | null = '0';
  while (cursor !== null || found.length > 0) {
    const round = client.pipeline();
    if (found.length > 0) round.unlink(...found);
    if (cursor !== null) {
      round.scanBuffer(cursor, 'MATCH', prefixPattern(prefix), 'COUNT', step);
    }
    const answers = ((await round.exec()) ?? []).map(([error, answer]) => {
      if (error !== null) throw error;
      return answer;
    });
    if (found.length > 0) removed += Number(answers.shift());
    const page: ScanPage = cursor === null ? lastPage : scanPage(answers.shift());
    cursor = page.cursor;
    found = page.keys.filter((key) => key.subarray(0, start.length).equals(start));
  }
  return removed;
}

/** One answer to SCAN; the cursor is null when there is nothing further. */
interface ScanPage {
  readonly cursor: string | null;
  readonly keys: readonly Buffer[];
}

const lastPage: ScanPage = { cursor: null, keys: [] };

/** Reads an answer to SCAN, which the pipeline of the client library does not type. */
function scanPage(answer: unknown): ScanPage {
  const [cursor, keys] = Array.isArray(answer) ? answer : [];
  if (!Buffer.isBuffer(cursor) || !Array.isArray(keys)) throw new Error('no answer to SCAN');
  const next = cursor.toString();
  return { cursor: next === '0' ? null : next, keys: keys.filter((key) => Buffer.isBuffer(key)) };
}
