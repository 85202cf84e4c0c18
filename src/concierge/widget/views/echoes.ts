import type { WidgetMessage } from '../api.ts';
import { textOf } from '../data.ts';

/**
 * An answer in which nothing is said twice: a sentence that a card of the same answer says stays on
 * the card, and a form does not repeat the sentence before it.
 */
export function withoutEchoes(messages: readonly WidgetMessage[]): readonly WidgetMessage[] {
  const onCards = new Set(
    messages.flatMap(({ type, payload }) =>
      type === 'offer_card' ? (textOf(payload.description) ?? []) : [],
    ),
  );
  const said = messages.filter(({ type }) => type === 'assistant_text');
  const texts = new Set(said.map(({ payload }) => payload.text));
  return messages.flatMap((message) => {
    const { type, payload } = message;
    if (type === 'assistant_text' && onCards.has(textOf(payload.text) ?? '')) return [];
    if (type !== 'escalation_form' || !texts.has(payload.description)) return [message];
    const { description: _description, ...rest } = payload;
    return [{ type, payload: { ...rest, description: '' } }];
  });
}
