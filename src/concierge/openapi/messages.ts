import { z } from 'zod';
import { card } from '../endpoints/fields.ts';
import type { MessageType } from '../messages.ts';

const text = z.string();

/** One step of an order's timeline. */
export const timelineStep = z.object({
  label: text,
  status: text,
  timestamp: z.iso.datetime().nullable(),
  isCurrent: z.boolean(),
});

/** Where a parcel is. What is not known yet is null. */
export const shipping = z.object({
  carrier: text.nullable(),
  service: text.nullable(),
  trackingNumber: text.nullable().describe('masked'),
  trackingUrl: text.nullable(),
  estimatedDelivery: z.iso.datetime().nullable(),
  deliveredAt: z.iso.datetime().nullable(),
});

const payloads: Readonly<Record<MessageType, z.ZodType>> = {
  assistant_text: z.object({ text, copyHook: text.optional() }),
  product_card: z.object({ cards: z.array(card), caption: text.optional() }),
  offer_card: z.object({
    headline: text,
    description: text,
    cta: z
      .object({
        label: text,
        intent: text,
        payload: z.record(z.string(), z.unknown()).optional(),
      })
      .optional(),
    expiresAt: z.iso.datetime().optional(),
  }),
  escalation_form: z.object({
    heading: text,
    description: text,
    submitLabel: text,
    prefill: z
      .object({ name: text.optional(), email: text.optional(), phone: text.optional() })
      .optional(),
    copyHook: text.optional(),
  }),
  csat_bar: z.object({ question: text, positiveLabel: text, negativeLabel: text }),
  order_status: z.object({
    orderNumber: text,
    timeline: z.array(timelineStep),
    shipping: shipping.optional(),
    escalationHint: text.optional(),
  }),
};

const messages = (Object.keys(payloads) as MessageType[]).map((type) =>
  z.object({
    id: z.string().startsWith('msg_'),
    role: z.literal('concierge'),
    timestamp: z.iso.datetime(),
    intent: text.optional(),
    type: z.literal(type),
    payload: payloads[type],
  }),
);

/** A message in the widget's envelope. Readers leave out types that they do not know. */
export const message = z.union(messages).meta({ id: 'Message' });

/** What every good answer has besides its own fields. */
export const common = { requestId: text, messages: z.array(message) };
