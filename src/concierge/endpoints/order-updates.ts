import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { idOfSession, saltedHash } from '../ids.ts';
import { maskEmail, maskPhone } from '../masks.ts';
import { text } from '../messages.ts';
import { email, orderNumber, phone, sessionId } from './fields.ts';

const nextUpdateMs = 24 * 3_600_000;

const schema = z.object({
  sessionId,
  contact: z.discriminatedUnion('channel', [
    z.object({ channel: z.literal('sms'), value: phone }),
    z.object({ channel: z.literal('email'), value: email }),
  ]),
  consent: z.literal(true, 'consent is needed'),
  orderNumber: orderNumber.optional(),
});

const response = z.object({
  subscriptionId: z.string(),
  message: z.string(),
  channel: z.enum(['sms', 'email']),
  maskedDestination: z.string(),
  nextUpdateEta: z.iso.datetime(),
});

/** Subscribes a customer to news of an order. The contact itself is not kept, only its hash. */
export const orderUpdates: Endpoint<z.infer<typeof schema>> = {
  path: '/api/concierge/order-updates',
  summary: 'Subscribe to news of an order',
  scope: 'subscriptions:write',
  intent: 'order_updates_subscribe',
  schema,
  response,
  codes: { consent: 'validation.consent' },
  errors: { 404: ['subscription.order_not_found'] },
  failure: {
    status: 500,
    code: 'SUBSCRIPTION_FAILED',
    message: 'The subscription could not be saved. Try again in a moment.',
  },
  async handle({ sessionId, contact, orderNumber }, { now }, { store, copy, settings }) {
    const { channel, value } = contact;
    if (orderNumber !== undefined && (await store.findOrder({ orderNumber })) === null) {
      throw new ApiError(404, 'subscription.order_not_found', 'No such order.');
    }
    const subscriptionId = idOfSession('sub_', sessionId);
    const at = new Date(now);
    await store.subscribe({
      subscriptionId,
      sessionId,
      ...(orderNumber === undefined ? {} : { orderNumber }),
      channel,
      contactHash: saltedHash(settings.hashSalt, value),
      consentAt: at,
      subscribedAt: at,
    });
    const maskedDestination = channel === 'sms' ? maskPhone(value) : maskEmail(value);
    const orderHash =
      orderNumber === undefined
        ? {}
        : { orderNumberHash: saltedHash(settings.hashSalt, orderNumber) };
    return {
      body: {
        subscriptionId,
        message: copy.updatesConfirmed,
        channel,
        maskedDestination,
        nextUpdateEta: new Date(now + nextUpdateMs).toISOString(),
      },
      messages: [text(copy.updatesConfirmed)],
      events: [
        {
          event: 'aurora_order_updates_subscribed',
          fields: { channel, maskedDestination, subscriptionId, ...orderHash },
        },
      ],
    };
  },
};
