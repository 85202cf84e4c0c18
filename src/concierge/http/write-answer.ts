import type { ProductCard } from '../catalogue/cards.ts';
import { textOfCards } from '../catalogue/written-cards.ts';

/**
 * What `JSON.stringify` makes of an answer's body. Wherever the body and its messages hold this very
 * list of cards, the largest part by far, its text is taken as it was written before.
 */
export function writeAnswer(body: object, cards: readonly ProductCard[]): string {
  const cardsText = textOfCards(cards);
  const known = (value: unknown) => (value === cards ? cardsText : JSON.stringify(value));
  const messageText = (message: object) => {
    const payload: unknown = Reflect.get(message, 'payload');
    if (typeof payload !== 'object' || payload === null || !('cards' in payload)) {
      return JSON.stringify(message);
    }
    const payloadText = objectText(payload, known);
    return objectText(message, (value) => (value === payload ? payloadText : known(value)));
  };
  return objectText(body, (value, name) =>
    name === 'messages' && Array.isArray(value)
      ? `[${value.map(messageText).join(',')}]`
      : known(value),
  );
}

type TextOf = (value: unknown, name: string) => string | undefined;

function objectText(object: object, textOf: TextOf): string {
  let text = '';
  for (const [name, value] of Object.entries(object)) {
    const its = textOf(value, name);
    if (its !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${its}`;
  }
  return `{${text}}`;
}
