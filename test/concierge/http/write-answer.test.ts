import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ProductCard, toCard } from '../../../src/concierge/catalogue/cards.ts';
import { writeCard } from '../../../src/concierge/catalogue/written-cards.ts';
import { writeAnswer } from '../../../src/concierge/http/write-answer.ts';

const card = (name: string): ProductCard | undefined =>
  toCard({
    productId: 'prod_one',
    slug: 'one',
    name,
    category: 'ring',
    pricing: { basePrice: 10 },
    metadata: { readyToShip: true, primaryMetal: 'platinum' },
    tags: ['"quoted"', 'line\u2028'],
    inventory: { available: 1 },
  });

const anyCards = fc
  .array(fc.record({ name: fc.string({ unit: 'binary' }), written: fc.boolean() }), {
    maxLength: 4,
  })
  .map((wanted) =>
    wanted.flatMap(({ name, written }) => {
      const made = card(name);
      if (made !== undefined && written) writeCard(made);
      return made ?? [];
    }),
  );

const rest = fc.dictionary(fc.string(), fc.oneof(fc.jsonValue(), fc.constant(undefined)));

describe('an answer that shows cards', () => {
  it('is written as JSON.stringify writes it, whatever else it holds', () => {
    fc.assert(
      fc.property(anyCards, rest, rest, (cards, fields, facts) => {
        const messages = [
          { ...facts, type: 'assistant_text', payload: { text: 'Here they are.' } },
          { ...facts, type: 'product_card', payload: { ...fields, cards } },
          { ...facts, type: 'product_card', payload: { cards: [...cards] } },
          { ...facts, payload: null },
        ];
        const body = { ...fields, data: cards, messages };
        expect(writeAnswer(body, cards)).toBe(JSON.stringify(body));
      }),
    );
  });
});
