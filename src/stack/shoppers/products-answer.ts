import type { ProductQuestion } from './questions.ts';

/** A product card as far as a shopper looks at it. */
export interface Card {
  readonly productId: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  readonly category?: string;
  readonly readyToShip?: boolean;
  readonly metal?: string;
}

/** What a shopper makes of an answer to "find product". */
export interface ProductsImpression {
  readonly cards: readonly Card[];
  /** There is something, and all of it is what was asked for, as far as the cards tell. */
  readonly asAsked: boolean;
  /** The offer invites to reserve a capsule. */
  readonly mayReserve: boolean;
}

const nothing: ProductsImpression = { cards: [], asAsked: false, mayReserve: false };

function isCard(value: unknown): value is Card {
  const card = value as Partial<Record<keyof Card, unknown>> | null;
  return typeof card?.productId === 'string' && typeof card.price === 'number';
}

function fits(card: Card, asked: ProductQuestion): boolean {
  return (
    (card.category === undefined || card.category === asked.category) &&
    (card.readyToShip === undefined || (asked.readyToShip ?? card.readyToShip) === card.readyToShip)
  );
}

function invitesToReserve(message: unknown): boolean {
  const { type, payload } = message as { type?: unknown; payload?: { cta?: { intent?: unknown } } };
  return type === 'offer_card' && payload?.cta?.intent === 'capsule_reserve';
}

/** Looks at an answer as a customer would: are these the pieces I asked for, and can I reserve them? */
export function lookAtProducts(answer: unknown, asked: ProductQuestion): ProductsImpression {
  const { data, messages } = (answer ?? {}) as { data?: unknown; messages?: unknown };
  if (!Array.isArray(data)) return nothing;
  const cards = data.filter(isCard);
  return {
    cards,
    asAsked: cards.length > 0 && cards.every((card) => fits(card, asked)),
    mayReserve: Array.isArray(messages) && messages.some(invitesToReserve),
  };
}
