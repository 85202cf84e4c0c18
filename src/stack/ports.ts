import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { AuroraError } from '../base/errors.ts';

/** Below 32768, so that no outgoing connection's ephemeral port sits on one. */
const range = [20_000, 29_999] as const;

/** Whether nothing listens on this loopback port now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/**
 * Finds a run of `count` free neighbouring ports in 20000-29999, starting at a random place so that two
 * stacks seldom meet. STACK_START_FAILED when there is none.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const [first, last] = range;
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const start = randomInt(first, last - count + 2);
    const ports = Array.from({ length: count }, (_, i) => start + i);
    const free = await Promise.all(ports.map(isPortFree));
    if (free.every(Boolean)) return ports;
  }
  throw new AuroraError(
    'STACK_START_FAILED',
    `no ${count} free ports between ${first} and ${last}`,
  );
}
