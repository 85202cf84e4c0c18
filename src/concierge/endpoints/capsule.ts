import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { newId } from '../ids.ts';
import { text } from '../messages.ts';
import type { CapsuleHold } from '../storage/documents.ts';
import { email, sessionId } from './fields.ts';

const heldMs = 48 * 3_600_000;

const schema = z.object({
  sessionId,
  shortlistId: z.string().min(4).max(80),
  customerEmail: email,
});

const response = z.object({
  capsuleId: z.string(),
  expiresAt: z.iso.datetime(),
  shortlistCount: z.int(),
  idempotencyKeyEcho: z.string(),
});

/** Holds a shortlist of at least two pieces for 48 hours. */
export const capsule: Endpoint<z.infer<typeof schema>> = {
  path: '/api/concierge/capsule',
  openPath: '/api/support/capsule',
  summary: 'Hold a shortlist of at least two pieces for 48 hours',
  scope: 'capsule:write',
  intent: 'capsule_reserve',
  schema,
  response,
  errors: { 409: ['CAPSULE_LIMIT_REACHED'] },
  codes: { shortlistId: 'validation.shortlist', customerEmail: 'validation.contact_email' },
  needsKey: true,
  async handle({ sessionId, shortlistId, customerEmail }, customer, { store, copy }) {
    const hold: CapsuleHold = {
      capsuleId: newId('cap_'),
      sessionId,
      customerEmail,
      status: 'active',
      reservedAt: new Date(customer.now),
      expiresAt: new Date(customer.now + heldMs),
    };
    const reservation = await store.reserveCapsule(hold, shortlistId);
    if (reservation.state === 'already-held') {
      throw new ApiError(409, 'CAPSULE_LIMIT_REACHED', 'This session holds a capsule already.');
    }
    if (reservation.state === 'no-shortlist') {
      const message = 'A capsule needs a saved shortlist of at least two pieces.';
      throw new ApiError(400, 'validation.shortlist', message);
    }
    const { capsuleId } = hold;
    const { shortlistCount } = reservation;
    const expiresAt = hold.expiresAt.toISOString();
    return {
      body: { capsuleId, expiresAt, shortlistCount, idempotencyKeyEcho: customer.idempotencyKey },
      messages: [
        {
          type: 'offer_card',
          payload: {
            headline: copy.capsuleHeadline,
            description: copy.capsuleConfirmation,
            expiresAt,
          },
        },
        text(copy.capsuleConfirmation),
      ],
      events: [
        { event: 'aurora_capsule_reserved', fields: { capsuleId, expiresAt, shortlistCount } },
      ],
    };
  },
};
