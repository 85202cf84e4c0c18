import type { Fields } from './data.ts';
import type { EventSender } from './sending.ts';

/** What the widget alone can know; what the API does, the API tells. */
export type WidgetEvent =
  | 'aurora_widget_open'
  | 'aurora_widget_close'
  | 'aurora_intent_detected'
  | 'aurora_intent_complete'
  | 'aurora_product_view'
  | 'aurora_outage_notice';

/**
 * Tells the page: `document.addEventListener('aurora:event', ...)` gets name, session and fields.
 * No text that a customer wrote, and no contact, is ever among them.
 */
export type Tell = (event: WidgetEvent, fields?: Fields) => void;

/** A teller that speaks through an element of the page, and to analytics. */
export function tellThrough(element: HTMLElement, sessionId: string, sender: EventSender): Tell {
  return (event, fields = {}) => {
    // What a customer's own words ask for, the API has found out and told already.
    const known = event === 'aurora_intent_detected' && fields.source === 'text';
    if (!known) sender.add(event, fields);
    const detail = { event, sessionId, ...fields };
    element.dispatchEvent(
      new CustomEvent('aurora:event', { detail, bubbles: true, composed: true }),
    );
  };
}
