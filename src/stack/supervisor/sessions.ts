import { Redis } from 'ioredis';
import { addressesOf, sessionRoot } from './addresses.ts';
import type { StackLayout } from './layout.ts';

const scanned = 1_000;

/** Removes the stack's session keys, and no other: the server may be a given one. */
export async function clearSessions(layout: StackLayout): Promise<void> {
  const redis = new Redis(addressesOf(layout).redis, {
    lazyConnect: true,
    connectTimeout: 2_000,
    maxRetriesPerRequest: 1,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    let cursor = '0';
    do {
      const match = `${sessionRoot(layout)}*`;
      const [next, keys] = await redis.scan(cursor, 'MATCH', match, 'COUNT', scanned);
      if (keys.length > 0) await redis.unlink(...keys);
      cursor = next;
    } while (cursor !== '0');
  } finally {
    redis.disconnect();
  }
}
