import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { Endpoint, Outcome } from '../http/endpoint.ts';
import { saltedHash } from '../ids.ts';
import { csatBar, type Draft, escalation, text } from '../messages.ts';
import { shipping, timelineStep } from '../openapi/messages.ts';
import type { Services } from '../services.ts';
import type { OrderDocument } from '../storage/documents.ts';
import { email, orderNumber, sessionId } from './fields.ts';
import { outwardStatus, shippingOf, timelineOf } from './order-timeline.ts';

const schema = z
  .object({
    sessionId,
    orderNumber: orderNumber.optional(),
    email: email.optional(),
    postalCode: z.string().min(3).max(16).optional(),
  })
  .refine(
    ({ orderNumber, email, postalCode }) =>
      orderNumber === undefined
        ? email !== undefined && postalCode !== undefined
        : email === undefined && postalCode === undefined,
    'either orderNumber, or email and postalCode',
  );

type Input = z.infer<typeof schema>;

const response = z.object({
  orderNumber: z.string(),
  currentStatus: z.string(),
  timeline: z.array(timelineStep),
  shipping: shipping.optional(),
});

/** Tells where an order is. */
export const orderStatus: Endpoint<Input> = {
  path: '/api/concierge/orders/status',
  summary: 'Tell where an order is, by its number or by e-mail address and postal code',
  scope: 'orders:read',
  intent: 'track_order',
  schema,
  response,
  codes: { '*': 'validation.lookup' },
  errors: { 404: ['order.not_found'] },
  async handle(input, customer, services) {
    const order = await services.store.findOrder(
      input.orderNumber === undefined
        ? { email: input.email ?? '', postalCode: input.postalCode ?? '' }
        : { orderNumber: input.orderNumber },
    );
    if (order === null) {
      throw new ApiError(404, 'order.not_found', 'No order matches. Check the number.');
    }
    return services.flags.isOn('AURORA_TIMELINE_ENABLED', customer.sessionId)
      ? tracked(order, services)
      : withoutTimeline(order, services);
  },
};

function tracked(order: OrderDocument, services: Services): Outcome {
  const timeline = timelineOf(order);
  const shipping = shippingOf(order);
  const status = outwardStatus(order.status);
  const facts = {
    orderNumber: order.orderNumber,
    timeline,
    ...(shipping === undefined ? {} : { shipping }),
  };
  const message: Draft = { type: 'order_status', payload: facts };
  const fields = {
    intent: 'track_order',
    orderNumberHash: saltedHash(services.settings.hashSalt, order.orderNumber),
    status,
  };
  return {
    body: { ...facts, currentStatus: status },
    messages: [message, csatBar(services.copy.orderQuestion)],
    events: [{ event: 'aurora_order_tracked', fields }],
  };
}

/** While timelines are off the status is still told, and a person takes over. */
function withoutTimeline(order: OrderDocument, { copy }: Services): Outcome {
  const { orderNumber } = order;
  const timeline: [] = [];
  return {
    body: { orderNumber, currentStatus: outwardStatus(order.status), timeline },
    messages: [
      {
        type: 'order_status',
        payload: { orderNumber, timeline, escalationHint: copy.orderOutage },
      },
      text(copy.orderOutage, 'outage.orders.timeline'),
      escalation(copy.stylistHeading, copy.orderOutage),
      csatBar(copy.orderQuestion),
    ],
    events: [
      { event: 'aurora_outage_notice', fields: { intent: 'track_order', feature: 'timeline' } },
    ],
  };
}
