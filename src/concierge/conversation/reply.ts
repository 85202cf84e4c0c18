import type { EventDraft } from '../analytics/events.ts';
import { orderStatus } from '../endpoints/order-status.ts';
import { products } from '../endpoints/products.ts';
import { ApiError } from '../errors.ts';
import type { Customer } from '../http/endpoint.ts';
import { csatBar, type Draft, escalation, type Intent, text } from '../messages.ts';
import type { Services } from '../services.ts';
import type { Parameters } from './intents.ts';
import type { Understood } from './understanding.ts';

/** What a customer gets for their words, and what happened on the way. */
export interface Reply {
  readonly messages: readonly Draft[];
  readonly events: readonly EventDraft[];
}

const pieces = 4;

/**
 * Answers a question that is complete (a search, an order's number) at once; for anything else the intent's
 * opening, after which the client shows its form. Nothing understood: no messages, the client shows its menu.
 */
export async function replyTo(
  { intent, parameters }: Understood,
  customer: Customer,
  services: Services,
): Promise<Reply> {
  if (intent === null) return { messages: [], events: [] };
  const direct = await answerOf(intent, parameters, customer, services);
  return direct ?? opening(intent, parameters, customer, services);
}

async function answerOf(
  intent: Intent,
  parameters: Parameters,
  customer: Customer,
  services: Services,
): Promise<Reply | undefined> {
  const { sessionId } = customer;
  try {
    if (intent === 'find_product' && Object.keys(parameters).length > 0) {
      const { messages, events = [] } = await products.handle(
        products.schema.parse({ sessionId, ...parameters, limit: pieces }),
        customer,
        services,
      );
      return { messages, events };
    }
    const { orderNumber, email, postalCode } = parameters;
    const lookup = orderNumber === undefined ? { email, postalCode } : { orderNumber };
    const known = orderNumber !== undefined || (email !== undefined && postalCode !== undefined);
    if (intent !== 'track_order' || !known) return undefined;
    const input = orderStatus.schema.parse({ sessionId, ...lookup });
    const { messages, events = [] } = await orderStatus.handle(input, customer, services);
    return { messages, events };
  } catch (error) {
    // No such order, or a storage that is away: the form is shown, and says what it has to say.
    const expected = error instanceof ApiError;
    if (!expected) services.log.error('free text could not be answered at once', error, { intent });
    return undefined;
  }
}

function opening(
  intent: Intent,
  { email }: Parameters,
  { sessionId }: Customer,
  { copy, flags }: Services,
): Reply {
  const prefill = email === undefined ? undefined : { email };
  const person = (description: string) => escalation(copy.stylistHeading, description, prefill);
  if (intent === 'csat') return { messages: [csatBar(copy.csatQuestion)], events: [] };
  if (intent === 'stylist_contact') {
    return { messages: [person(copy.openings.stylist_contact)], events: [] };
  }
  if (intent === 'return_exchange' && !flags.isOn('AURORA_RETURNS_ENABLED', sessionId)) {
    const fields = { intent, feature: 'returns' };
    return {
      messages: [text(copy.returnsOutage, 'outage.returns'), person(copy.returnsOutage)],
      events: [{ event: 'aurora_outage_notice', fields }],
    };
  }
  return { messages: [text(copy.openings[intent])], events: [] };
}
