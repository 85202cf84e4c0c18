import type { ProductDocument } from '../storage/documents.ts';
import { matches, type ProductCard, type ProductFilters, toCard } from './cards.ts';
import { writeCard } from './written-cards.ts';

/** One page of cards. */
export interface Page {
  readonly cards: readonly ProductCard[];
  readonly nextCursor: string | null;
}

interface Shown {
  readonly product: ProductDocument;
  readonly card: ProductCard;
}

const cacheMs = 10_000;
const cursorPattern = /^after:(\d{1,6})$/;

/**
 * The shop's products, read at most once in ten seconds whatever the traffic; a reading that is
 * under way is shared.
 */
export class Catalogue {
  readonly #load: () => Promise<readonly ProductDocument[]>;
  readonly #now: () => number;
  #shown: readonly Shown[] = [];
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(load: () => Promise<readonly ProductDocument[]>, now: () => number = Date.now) {
    this.#load = load;
    this.#now = now;
  }

  /** The cards for these filters, best sellers first. Rejects when the products cannot be read. */
  async search(filters: ProductFilters, limit: number, cursor?: string): Promise<Page> {
    if (this.#now() - this.#readAt >= cacheMs) await this.#refresh();
    const found = this.#shown.filter(({ product }) => matches(product, filters));
    const start = cursor === undefined ? 0 : offsetOf(cursor);
    const end = start + limit;
    return {
      cards: found.slice(start, end).map(({ card }) => card),
      nextCursor: end < found.length ? cursorAt(end) : null,
    };
  }

  #refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const products = await this.#load();
    const shown: Shown[] = [];
    for (const product of products) {
      const card = toCard(product);
      if (card === undefined) continue;
      writeCard(card);
      shown.push({ product, card });
    }
    const score = ({ product }: Shown) => product.metadata.score ?? 0;
    shown.sort((a, b) => score(b) - score(a) || (a.card.productId < b.card.productId ? -1 : 1));
    this.#shown = shown;
    this.#readAt = this.#now();
  }
}

/** A cursor that stands for a position. Opaque to callers. */
function cursorAt(offset: number): string {
  return Buffer.from(`after:${offset}`).toString('base64url');
}

/** The position a cursor stands for; one that is none starts over, since lists change anyway. */
function offsetOf(cursor: string): number {
  const match = cursorPattern.exec(Buffer.from(cursor, 'base64url').toString());
  return match?.[1] === undefined ? 0 : Number(match[1]);
}
