import { randomUUID } from 'node:crypto';
import type { Random } from './random.ts';
import type { Question, Reply, Shop } from './shop.ts';

/** One customer's session: who they are, what they decide, and how it has gone so far. */
export class Visit {
  /** Unique over all runs: a second life of an id would meet the first one's documents. */
  readonly sessionId = `sess_${randomUUID()}`;
  readonly random: Random;
  /** Something went wrong, or was not what had been asked for. */
  disappointed = false;
  readonly #shop: Shop;
  readonly #address: string;

  /** `number` tells visits of one shop apart; it becomes the shopper's own address. */
  constructor(shop: Shop, number: number, random: Random) {
    this.#shop = shop;
    this.random = random;
    this.#address = `10.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
  }

  /** Asks, and remembers when the answer was nothing to be expected. */
  async ask(
    path: string,
    body: object,
    more: Pick<Question, 'idempotencyKey' | 'fairRefusals' | 'read'> = {},
  ): Promise<Reply> {
    const { sessionId } = this;
    const reply = await this.#shop.ask({ path, body, sessionId, address: this.#address, ...more });
    if (reply.unexpected) this.disappointed = true;
    return reply;
  }

  /** A key for a request that must not be done twice. */
  newKey(): string {
    return `idem-${randomUUID()}`;
  }
}
