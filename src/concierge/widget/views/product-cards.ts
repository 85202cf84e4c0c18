import { metalNames } from '../art.ts';
import { type Fields, fieldsOf, linkOf, listOf, priceOf, textOf, textsOf } from '../data.ts';
import type { Desk } from '../desk.ts';
import { button, freshId, h } from '../dom.ts';
import { picture } from './picture.ts';

/** The pieces of a `product_card`. Cards without a name or an id are left out. */
export function productCards(payload: Fields, desk: Desk): HTMLElement | undefined {
  const cards = listOf(payload.cards).flatMap((card) => productCard(fieldsOf(card), desk) ?? []);
  if (cards.length === 0) return undefined;
  const caption = textOf(payload.caption);
  const more = linkOf(payload.seeMoreUrl);
  return h(
    'div',
    { class: 'pieces' },
    caption !== undefined && h('p', { class: 'quiet' }, caption),
    h('ul', { class: 'cards' }, ...cards),
    more !== undefined && outward(more, 'See more in the shop'),
  );
}

/** A link that leaves the page and tells the other side nothing. */
export function outward(address: string, label: string): HTMLAnchorElement {
  return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, label);
}

function productCard(card: Fields, desk: Desk): HTMLElement | undefined {
  const name = textOf(card.name);
  const productId = textOf(card.productId);
  if (name === undefined || productId === undefined) return undefined;
  const metal = textOf(card.metal) ?? '';
  const badges = textsOf(card.badges).map((badge) => h('li', {}, badge));
  const heading = h('h3', { id: freshId('piece') }, name);
  const details = detailsOf(card, metal);
  const look = {
    name,
    category: textOf(card.category) ?? '',
    metal,
    image: linkOf(card.heroImage),
  };
  return h(
    'li',
    { class: 'card piece' },
    picture(look),
    badges.length > 0 && h('ul', { class: 'badges', 'aria-label': 'Marks' }, ...badges),
    heading,
    h('p', { class: 'quiet' }, textOf(card.specLine)),
    h('p', { class: 'price' }, priceOf(card.price, card.currency)),
    h('p', { class: 'quiet' }, textOf(card.shippingPromise)),
    details,
    h('div', { class: 'actions' }, ...actionsOf(card, { productId, name, details, desk })),
  );
}

function detailsOf(card: Fields, metal: string): HTMLElement {
  const style = [...textsOf(card.tags), ...textsOf(card.styleTags)].join(', ');
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Metal', metalNames[metal]],
    ['Style', textOf(style)],
    ['Availability', card.readyToShip === true ? 'Ready to ship' : 'Made to order'],
  ];
  const rows = facts.flatMap(([term, fact]) =>
    fact === undefined ? [] : [h('dt', {}, term), h('dd', {}, fact)],
  );
  return h('dl', { class: 'facts', id: freshId('details'), hidden: true }, ...rows);
}

interface Parts {
  readonly productId: string;
  readonly name: string;
  readonly details: HTMLElement;
  readonly desk: Desk;
}

/** The actions that the card names and that this widget knows. */
function actionsOf(card: Fields, parts: Parts): HTMLElement[] {
  return listOf(card.ctas).flatMap((cta) => {
    const { id, label } = fieldsOf(cta);
    if (id === 'shortlist') return [pick(card, parts, textOf(label) ?? 'Add to shortlist')];
    if (id === 'view_details') return [reveal(parts, textOf(label) ?? 'View details')];
    return [];
  });
}

function pick(card: Fields, { productId, name, desk }: Parts, label: string): HTMLElement {
  const { shortlist } = desk;
  const toggle = button('secondary', label, () => desk.pick(productId, card));
  const show = () => {
    const on = shortlist.has(productId);
    toggle.setAttribute('aria-pressed', String(on));
    toggle.setAttribute('aria-label', `${label}: ${name}`);
    toggle.textContent = on ? 'On your shortlist' : label;
  };
  shortlist.watch(show);
  show();
  return toggle;
}

function reveal({ productId, name, details, desk }: Parts, label: string): HTMLElement {
  const toggle = button(
    'plain',
    label,
    () => {
      details.hidden = !details.hidden;
      toggle.setAttribute('aria-expanded', String(!details.hidden));
      if (!details.hidden) desk.tell('aurora_product_view', { productId, source: 'widget' });
    },
    { 'aria-expanded': 'false', 'aria-controls': details.id, 'aria-label': `${label}: ${name}` },
  );
  return toggle;
}
