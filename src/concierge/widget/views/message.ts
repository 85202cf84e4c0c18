import type { WidgetMessage } from '../api.ts';
import { textOf } from '../data.ts';
import type { Desk } from '../desk.ts';
import { h } from '../dom.ts';
import { csatBar } from './csat-bar.ts';
import { offerCard } from './offer.ts';
import { orderStatus } from './order-status.ts';
import { productCards } from './product-cards.ts';

/** What a message looks like; undefined for one that has nothing to show or is not known here. */
export function messageView({ type, payload }: WidgetMessage, desk: Desk): HTMLElement | undefined {
  switch (type) {
    case 'assistant_text': {
      const text = textOf(payload.text);
      return text === undefined ? undefined : h('p', { class: 'bubble ours' }, text);
    }
    case 'product_card':
      return productCards(payload, desk);
    case 'offer_card':
      return offerCard(payload, desk);
    case 'order_status':
      return orderStatus(payload, desk);
    case 'csat_bar':
      return csatBar(payload, desk);
    case 'escalation_form':
      return desk.escalation(payload);
    default:
      console.info(`concierge: no view for ${type}`);
      return undefined;
  }
}
