import { randomBytes } from 'node:crypto';
import type { Random } from '../../../src/stack/shoppers/random.ts';

/** The routes whose throughput is held against a bare one: a cached read, a read, a write. */
export const routes = {
  products: '/api/concierge/products',
  'orders/status': '/api/concierge/orders/status',
  shortlist: '/api/concierge/shortlist',
} as const;

export type RouteName = keyof typeof routes;

type Body = Readonly<Record<string, unknown>>;

const pieces = [
  { productId: 'prod_aurora_ring', name: 'Solaris Aura Ring', price: 3850, currency: 'USD' },
  { productId: 'prod_constellation', name: 'Constellation', price: 1480, currency: 'USD' },
];
const categories = ['ring', 'earrings', 'necklace', 'bracelet'] as const;
const knownOrders = 60;

/** All questions that are asked of a route, without a session. Few enough to record every answer. */
export const questions: Readonly<Record<RouteName, readonly Body[]>> = {
  products: categories.flatMap((category) => [
    { category, limit: 4 },
    { category, readyToShip: true, limit: 4 },
  ]),
  'orders/status': Array.from({ length: knownOrders }, (_, n) => ({
    orderNumber: `GG-${20_000 + n}`,
  })),
  shortlist: [{ items: pieces }],
};

/** What tells questions apart, whoever asks. */
export function keyOf(route: RouteName, { sessionId: _session, ...question }: Body): string {
  return route === 'shortlist' ? route : `${route} ${JSON.stringify(question)}`;
}

export const freshSession = (): string => `sess_${randomBytes(8).toString('hex')}`;

/** An address of somebody's own: the limit of an address is not what is measured. */
export const freshAddress = (): string => `10.${[...randomBytes(3)].join('.')}`;

/** A question of a route with a session of its own. */
export function ask(route: RouteName, random: Random): Body {
  const choices = questions[route];
  return { sessionId: freshSession(), ...choices[random.below(choices.length)] };
}

/** One of several, by shares that add up to one. */
export function byShare<T>(random: Random, choices: readonly (readonly [share: number, T])[]): T {
  let rest = random.next();
  for (const [share, choice] of choices) {
    rest -= share;
    if (rest < 0) return choice;
  }
  const last = choices.at(-1);
  if (last === undefined) throw new Error('nothing to choose from');
  return last[1];
}
