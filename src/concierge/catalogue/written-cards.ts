import type { ProductCard } from './cards.ts';

/** The JSON of cards, made once for all the answers that show them. Cards never change. */
const written = new WeakMap<ProductCard, string>();

/** Writes a card, so that no answer has to. */
export function writeCard(card: ProductCard): void {
  written.set(card, JSON.stringify(card));
}

/** What `JSON.stringify` makes of these cards. */
export function textOfCards(cards: readonly ProductCard[]): string {
  let text = '';
  for (const card of cards) {
    text += `${text === '' ? '' : ','}${written.get(card) ?? JSON.stringify(card)}`;
  }
  return `[${text}]`;
}
