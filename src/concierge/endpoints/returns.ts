import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { Customer, Endpoint } from '../http/endpoint.ts';
import { newRmaId, saltedHash, sha256 } from '../ids.ts';
import { escalation, text } from '../messages.ts';
import type { OrderDocument, ReturnDocument } from '../storage/documents.ts';
import type { Store } from '../storage/store.ts';
import { address, email, orderNumber, phone, sessionId } from './fields.ts';
import { type Eligibility, eligibility, returnOptions } from './return-rules.ts';

const labelDays = 14;
const day = 86_400_000;

/** A ring size, in halves. */
export const newSize = z.number().min(1).max(20).multipleOf(0.5);

const schema = z.object({
  sessionId,
  orderNumber,
  option: z.enum(returnOptions),
  reason: z.string().max(200).optional(),
  newSize: newSize.optional(),
  contact: z.object({ email: email.optional(), phone: phone.optional() }).optional(),
  shippingAddress: address.optional(),
  notes: z.string().max(2_000).optional(),
});

const response = z.object({
  rmaId: z.string().nullable().describe('null while returns are off'),
  status: z.enum(['initiated', 'scheduled', 'declined']),
  labelUrl: z.url({ protocol: /^https$/ }).optional(),
  expiresAt: z.iso.datetime().optional(),
  idempotencyKeyEcho: z.string(),
});

type Input = z.infer<typeof schema>;

const refusals: Readonly<Record<Exclude<Eligibility, 'eligible' | 'active'>, string>> = {
  'not-delivered': 'This order has not been delivered yet.',
  'made-for-you': 'Pieces made for one person cannot be returned.',
  late: 'The time for this has passed.',
  'size-too-far': 'A ring can be resized by two sizes at most.',
};

const duplicate = () => new ApiError(409, 'returns.duplicate', 'This order has an open return.');

/** Opens a return, a resize or a repair. */
export const returns: Endpoint<Input> = {
  path: '/api/concierge/orders/returns',
  summary: 'Open a return, a resize or a repair',
  scope: 'returns:write',
  intent: 'return_exchange',
  schema,
  response,
  codes: { 'contact.email': 'validation.contact_email' },
  errors: { 404: ['returns.ineligible'], 409: ['returns.duplicate'] },
  needsKey: true,
  degraded(input, customer, { flags, copy }) {
    if (flags.isOn('AURORA_RETURNS_ENABLED', customer.sessionId)) return undefined;
    return {
      body: { rmaId: null, status: 'declined', idempotencyKeyEcho: customer.idempotencyKey },
      messages: [
        text(copy.returnsOutage, 'outage.returns'),
        escalation(copy.stylistHeading, copy.returnsOutage, prefillOf(input)),
      ],
      events: [
        {
          event: 'aurora_outage_notice',
          fields: { intent: 'return_exchange', feature: 'returns' },
        },
      ],
    };
  },
  async handle(input, customer, { store, copy, settings }) {
    const order = await store.findOrder({ orderNumber: input.orderNumber });
    if (order === null) {
      throw new ApiError(404, 'returns.ineligible', 'No such order can be returned.');
    }
    const document = await openOrFind(documentOf(input, customer), order, input.newSize, store);
    const fields = {
      orderNumberHash: saltedHash(settings.hashSalt, input.orderNumber),
      option: input.option,
      rmaId: document.rmaId,
      itemsCount: order.items?.length ?? 0,
    };
    return {
      body: {
        rmaId: document.rmaId,
        status: 'initiated',
        labelUrl: document.labelUrl,
        expiresAt: document.expiresAt.toISOString(),
        idempotencyKeyEcho: customer.idempotencyKey,
      },
      messages: [
        text(copy.returnOpened, 'returns.confirmation'),
        escalation(copy.stylistHeading, copy.returnHelp, prefillOf(input)),
      ],
      events: [{ event: 'aurora_return_initiated', fields }],
    };
  },
};

/** The new return; or the one that this very request opened before its process ended. */
async function openOrFind(
  fresh: ReturnDocument & Pick<Input, 'option'>,
  order: OrderDocument,
  newSize: number | undefined,
  store: Store,
): Promise<ReturnDocument> {
  const state = eligibility(order, fresh.option, fresh.createdAt.getTime(), newSize);
  if (state === 'active') {
    const rmaId = order.returnInfo?.rmaId;
    const own = rmaId === undefined ? null : await store.findReturn({ ...fresh, rmaId });
    if (own === null) throw duplicate();
    return own;
  }
  if (state !== 'eligible') throw new ApiError(404, 'returns.ineligible', refusals[state]);
  if (!(await store.openReturn(fresh))) throw duplicate();
  return fresh;
}

function prefillOf({ contact }: Input): { email?: string; phone?: string } {
  return {
    ...(contact?.email === undefined ? {} : { email: contact.email }),
    ...(contact?.phone === undefined ? {} : { phone: contact.phone }),
  };
}

function documentOf(input: Input, customer: Customer): ReturnDocument & Pick<Input, 'option'> {
  const rmaId = newRmaId();
  return {
    rmaId,
    sessionId: input.sessionId,
    orderNumber: input.orderNumber,
    option: input.option,
    status: 'return_pending',
    ...(input.reason === undefined ? {} : { reason: input.reason }),
    ...(input.newSize === undefined ? {} : { newSize: input.newSize }),
    ...(input.shippingAddress === undefined ? {} : { shippingAddress: input.shippingAddress }),
    ...(input.notes === undefined ? {} : { notes: input.notes }),
    contact: prefillOf(input),
    labelUrl: `https://labels.glowglitch.com/${rmaId}.pdf`,
    keyHash: sha256(customer.idempotencyKey ?? ''),
    createdAt: new Date(customer.now),
    expiresAt: new Date(customer.now + labelDays * day),
  };
}
