import { type Fields, textOf } from '../data.ts';
import type { Desk, Rating } from '../desk.ts';
import { button, freshId, h } from '../dom.ts';
import { words } from '../words.ts';

/** A `csat_bar`: two answers, of which the session gives one. */
export function csatBar(payload: Fields, desk: Desk): HTMLElement {
  const question = textOf(payload.question) ?? words.csatQuestion;
  const id = freshId('csat');
  const choice = (rating: Rating, label: string) =>
    button('secondary', label, () => desk.rate(rating), { 'data-rating': rating });
  const choices = [
    choice('great', textOf(payload.positiveLabel) ?? 'Great'),
    choice('needs_follow_up', textOf(payload.negativeLabel) ?? 'I need a follow-up'),
  ];
  const thanks = h('p', { class: 'quiet' });
  const bar = h(
    'div',
    { class: 'card csat', role: 'group', 'aria-labelledby': id },
    h('p', { id }, question),
    h('div', { class: 'actions' }, ...choices),
    thanks,
  );
  const show = () => {
    const { rating } = desk;
    for (const one of choices) {
      one.setAttribute('aria-pressed', String(one.dataset.rating === rating));
      one.setAttribute('aria-disabled', String(rating !== undefined));
    }
    thanks.textContent = rating === undefined ? '' : words.rated;
  };
  desk.watchRating(show);
  show();
  return bar;
}
