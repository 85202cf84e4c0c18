import { performance } from 'node:perf_hooks';
import type { EnvironmentName } from '../../base/environments.ts';
import { createErrands } from './mix.ts';
import type { ShopperTarget } from './options.ts';
import { createRandom } from './random.ts';
import { openShop } from './shop.ts';
import { ShopCounter, type ShopStats } from './stats.ts';
import { Visit } from './visit.ts';

/** Sessions under way at once; who comes while the shop is that full turns away. */
const mostOpen = 400;
const tickMs = 5;
/** After a stall (a laptop that slept) the missed customers do not all come at once. */
const longestCatchUpMs = 200;

/** The customers of one environment. */
export interface Crowd {
  /** New sessions per second; may be a fraction. */
  rate: number;
  stats(): ShopStats;
  close(): Promise<void>;
}

/** Who they are. */
export interface CrowdOptions {
  readonly environment: EnvironmentName;
  readonly target: ShopperTarget;
  readonly seed: number;
  readonly rate: number;
}

/** Lets customers come at a constant rate, however fast or slow the shop answers. */
export function startCrowd({ environment, target, seed, rate }: CrowdOptions): Crowd {
  const counter = new ShopCounter();
  const shop = openShop(target, counter);
  const own = environment === 'production' ? seed : seed ^ 0x5ead_beef;
  const nextErrand = createErrands(() => performance.now());
  let arrived = 0;
  let due = 0;
  let last = performance.now();

  const arrive = () => {
    if (counter.open >= mostOpen) {
      counter.dropped += 1;
      return;
    }
    arrived += 1;
    counter.sessions += 1;
    counter.open += 1;
    const random = createRandom(own, arrived);
    const journey = nextErrand(random);
    void journey(new Visit(shop, arrived, random)).finally(() => {
      counter.open -= 1;
    });
  };
  const tick = setInterval(() => {
    const now = performance.now();
    due += (Math.min(now - last, longestCatchUpMs) / 1_000) * crowd.rate;
    last = now;
    for (; due >= 1; due -= 1) arrive();
  }, tickMs);

  const crowd: Crowd = {
    rate,
    stats: () => counter.snapshot(),
    close: async () => {
      clearInterval(tick);
      await shop.close();
    },
  };
  return crowd;
}
