import { z } from 'zod';
import { email, orderNumber, phone, sessionId } from '../endpoints/fields.ts';
import { orderStatus } from '../endpoints/order-status.ts';
import { orderUpdates } from '../endpoints/order-updates.ts';
import { returnOptions } from '../endpoints/return-rules.ts';
import { newSize, returns } from '../endpoints/returns.ts';
import { type Dialect, supportProxy } from './proxy.ts';

const statusQuestion = z.object({ sessionId, orderId: orderNumber });

const byOrderId: Dialect = {
  schema: statusQuestion,
  speaks: (body) => 'orderId' in body,
  translate: ({ sessionId, orderId }: z.infer<typeof statusQuestion>) => ({
    sessionId,
    orderNumber: orderId,
  }),
};

/** Where an order is: by `orderId`, or in the API's words. */
export const supportOrderStatus = supportProxy({
  path: '/api/support/order-status',
  endpoint: orderStatus,
  failsAs: 'ORDER_STATUS_FAILED',
  dialect: byOrderId,
});

const returnQuestion = z.object({
  sessionId,
  orderId: orderNumber,
  option: z.enum(returnOptions),
  reason: z.string().max(200).optional(),
  newSize: newSize.optional(),
});

/** A return by `orderId`, or in the API's words. */
export const supportReturns = supportProxy({
  path: '/api/support/returns',
  endpoint: returns,
  failsAs: 'RETURNS_FAILED',
  dialect: {
    schema: returnQuestion,
    speaks: (body) => 'orderId' in body,
    translate: ({ orderId, ...rest }: z.infer<typeof returnQuestion>) => ({
      ...rest,
      orderNumber: orderId,
    }),
  },
});

const contacts = ['email', 'phone', 'sms'] as const;

const updatesQuestion = z
  .object({
    sessionId,
    orderId: orderNumber.optional(),
    email: email.optional(),
    phone: phone.optional(),
    sms: phone.optional(),
    consent: z.literal(true, 'consent is needed'),
  })
  .refine(
    (asked) => contacts.filter((name) => asked[name] !== undefined).length === 1,
    'one of email, phone and sms',
  );

/** News of an order to a flat `email`, `phone` or `sms`, or in the API's words. */
export const supportOrderUpdates = supportProxy({
  path: '/api/support/order-updates',
  endpoint: orderUpdates,
  failsAs: 'ORDER_UPDATES_FAILED',
  dialect: {
    schema: updatesQuestion,
    speaks: (body) => ['orderId', ...contacts].some((name) => name in body),
    translate: (asked: z.infer<typeof updatesQuestion>) => ({
      sessionId: asked.sessionId,
      consent: asked.consent,
      contact:
        asked.email === undefined
          ? { channel: 'sms', value: asked.sms ?? asked.phone }
          : { channel: 'email', value: asked.email },
      ...(asked.orderId === undefined ? {} : { orderNumber: asked.orderId }),
    }),
  },
});
