import { Pool } from 'undici';
import type { EdgeTraffic } from './state.ts';

/** Keep-alive connections to the slots, one pool per address. */
export interface Pools {
  of(url: string): Pool;
  /** Lets go of slots that take no traffic any more: what runs there ends by itself. */
  keepOnly(traffic: EdgeTraffic): void;
  close(): Promise<void>;
}

/** Opens no connection before the first request. */
export function openPools(): Pools {
  const pools = new Map<string, Pool>();
  const create = (url: string) => {
    const pool = new Pool(url, {
      connections: 256,
      pipelining: 1,
      connect: { timeout: 2_000 },
      headersTimeout: 15_000,
      bodyTimeout: 15_000,
      keepAliveTimeout: 4_000,
    });
    pools.set(url, pool);
    return pool;
  };
  return {
    of: (url) => pools.get(url) ?? create(url),
    keepOnly: (traffic) => {
      const wanted = [traffic.stable?.url, traffic.candidate?.url];
      for (const [url, pool] of pools) {
        if (wanted.includes(url)) continue;
        pools.delete(url);
        pool.close().catch(() => undefined);
      }
    },
    close: async () => {
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy().catch(() => undefined)));
    },
  };
}
