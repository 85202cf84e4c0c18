import { createRandom } from '../../../src/stack/shoppers/random.ts';
import { type Planned, send } from './load.ts';
import { ask, byShare, freshAddress, type RouteName, routes } from './routes.ts';
import { median } from './throughput.ts';
import { type Usage, usageOf } from './usage.ts';

const connections = 16;
const listLength = 1_250;
/** Until here caches, windows and the census fill. */
const settledAfter = 50_000;

/** Memory after so many requests, garbage collected. */
export interface MemoryPoint extends Usage {
  readonly requests: number;
}

export interface MemoryRun {
  readonly points: readonly MemoryPoint[];
  /** Bytes for each request from 50,000 on: the median slope between any two points (Theil and Sen). */
  readonly heapSlope: number;
  readonly residentSlope: number;
  readonly failures: number;
}

const shares: readonly (readonly [number, RouteName])[] = [
  [0.6, 'products'],
  [0.3, 'orders/status'],
  [0.1, 'shortlist'],
];

/**
 * As many sessions, each at its address, as come back again and again: what each of them leaves behind for
 * a while is not the question. The limits remember everybody of a minute.
 */
function listsFor(seed: number): Planned[][] {
  return Array.from({ length: connections }, (_, n) => {
    const random = createRandom(seed, n);
    return Array.from({ length: listLength }, () => {
      const route = byShare(random, shares);
      const body = ask(route, random);
      const sessionId = String(body.sessionId);
      return { path: routes[route], body, sessionId, address: freshAddress() };
    });
  });
}

/** Sends so many requests and looks at the memory in between. */
export async function runMemory(
  url: string,
  { total, step, seed }: { readonly total: number; readonly step: number; readonly seed: number },
): Promise<MemoryRun> {
  const lists = listsFor(seed);
  const points: MemoryPoint[] = [];
  let failures = 0;
  for (let requests = step; requests <= total; requests += step) {
    const ran = await send({ url, lists, requests: step });
    failures += ran.broken + [...ran.refused.values()].reduce((sum, count) => sum + count, 0);
    points.push({ requests, ...(await usageOf(url, true)) });
  }
  const settled = points.filter((point) => point.requests >= Math.min(settledAfter, total / 2));
  return {
    points,
    heapSlope: slope(settled, ({ heapBytes }) => heapBytes),
    residentSlope: slope(settled, ({ residentBytes }) => residentBytes),
    failures,
  };
}

function slope(points: readonly MemoryPoint[], read: (point: MemoryPoint) => number): number {
  const slopes = points.flatMap((a, n) =>
    points.slice(n + 1).map((b) => (read(b) - read(a)) / (b.requests - a.requests)),
  );
  return median(slopes);
}
