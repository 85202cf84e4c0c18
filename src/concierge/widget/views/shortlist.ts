import { priceOf, textOf } from '../data.ts';
import type { Desk } from '../desk.ts';
import { button, h } from '../dom.ts';
import { words } from '../words.ts';
import { whenEnough } from './offer.ts';

/** The shortlist as it is, kept up to date, with what may be done about it. */
export function shortlistView(desk: Desk): HTMLElement {
  const { shortlist } = desk;
  const list = h('ul', {});
  const empty = h('p', { class: 'quiet' }, words.shortlistEmpty);
  const reserve = button('primary', 'Hold them for 48 hours', () =>
    desk.begin('capsule_reserve', 'shortlist'),
  );
  const view = h(
    'section',
    { class: 'card', 'aria-label': 'My shortlist', tabindex: -1 },
    h('h3', {}, 'My shortlist'),
    list,
    empty,
    whenEnough(reserve, desk),
  );
  const show = () => {
    empty.hidden = shortlist.size > 0;
    list.replaceChildren(...shortlist.pieces.map((piece) => pieceLine(piece, desk, view)));
  };
  shortlist.watch(show);
  show();
  return view;
}

function pieceLine(
  piece: Readonly<Record<string, unknown>>,
  { shortlist }: Desk,
  view: HTMLElement,
): HTMLElement {
  const name = textOf(piece.name) ?? '';
  const remove = () => {
    shortlist.remove(textOf(piece.productId) ?? '');
    // The button has gone with its line.
    view.focus();
  };
  return h(
    'li',
    { class: 'listed' },
    h('span', {}, name),
    h('span', { class: 'price' }, priceOf(piece.price, piece.currency)),
    button('plain', 'Remove', remove, { 'aria-label': `Remove ${name}` }),
  );
}
