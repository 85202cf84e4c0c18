import type { ShownCard, WidgetMessage } from './client.ts';

/** An element with a class and a text. Texts from the server never become markup. */
export function element(tag: string, className: string, content = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = content;
  return made;
}

/** What a message looks like; undefined for a type that this widget does not know. */
export function render(message: WidgetMessage): HTMLElement | undefined {
  const { payload } = message;
  switch (message.type) {
    case 'assistant_text':
      return element('p', 'text', String(payload.text ?? ''));
    case 'product_card':
      return cards((payload.cards ?? []) as readonly ShownCard[]);
    case 'offer_card': {
      const offer = element('section', 'offer', String(payload.headline ?? ''));
      offer.append(element('p', 'text', String(payload.description ?? '')));
      return offer;
    }
    default:
      console.info(`concierge: no view for ${message.type}`);
      return undefined;
  }
}

function cards(shown: readonly ShownCard[]): HTMLElement {
  const list = element('ul', 'cards');
  for (const { name, price, currency, shippingPromise } of shown) {
    const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
    const item = element('li', 'card', name);
    item.append(element('strong', 'price', format.format(price)));
    item.append(element('small', 'promise', shippingPromise ?? ''));
    list.append(item);
  }
  return list;
}
