import { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import { newId } from '../ids.ts';
import { escalation, text } from '../messages.ts';
import type { TicketDocument } from '../storage/documents.ts';
import { card, email, metadata, phone, sessionId } from './fields.ts';

const slaMinutes = 45;

const schema = z.object({
  sessionId,
  contact: z.object({
    email,
    name: z.string().max(120).optional(),
    phone: phone.optional(),
    timezone: z.string().max(64).optional(),
  }),
  summary: z.string().min(10).max(2_000),
  transcript: z
    .array(
      z.object({
        role: z.enum(['guest', 'concierge']),
        content: z.string().max(4_000),
        timestamp: z.string().max(64).optional(),
      }),
    )
    .max(200)
    .default([]),
  shortlist: z
    .array(z.union([card, z.string().max(80)]))
    .max(50)
    .default([]),
  inspiration: z
    .array(z.object({ assetUrl: z.url().max(2_000), label: z.string().max(120).optional() }))
    .max(20)
    .default([]),
  metadata: metadata.optional(),
});

const response = z.object({
  ticketId: z.string(),
  status: z.enum(['queued', 'acknowledged']),
  etaMinutes: z.int(),
  slaMinutes: z.int(),
  queuePosition: z.int().min(1),
});

type Input = z.infer<typeof schema>;

/** Asks a person to take over. */
export const stylist: Endpoint<Input> = {
  path: '/api/concierge/stylist',
  summary: 'Ask a person to take over',
  scope: 'stylist:write',
  intent: 'stylist_contact',
  schema,
  response,
  codes: { summary: 'validation.summary', 'contact.email': 'validation.contact_email' },
  failure: {
    status: 503,
    code: 'CRM_UNAVAILABLE',
    message: 'Stylists cannot be reached right now. Try again in a moment.',
  },
  async handle(input, { now }, { store, copy }) {
    const ticket = ticketOf(input, now);
    const queuePosition = await store.addTicket(ticket);
    const { ticketId } = ticket;
    const { email, name, phone } = input.contact;
    const prefill = {
      email,
      ...(name === undefined ? {} : { name }),
      ...(phone === undefined ? {} : { phone }),
    };
    const fields = { ticketId, priority: ticket.priority, slaMinutes, queuePosition };
    return {
      body: { ticketId, status: 'queued', etaMinutes: slaMinutes, slaMinutes, queuePosition },
      messages: [
        escalation(copy.stylistHeading, copy.stylistDescription, prefill),
        text(copy.stylistAcknowledged),
      ],
      events: [{ event: 'aurora_stylist_ticket_created', fields }],
    };
  },
};

function ticketOf(input: Input, now: number): TicketDocument {
  const { email, name, phone, timezone } = input.contact;
  return {
    ticketId: newId('sty_'),
    sessionId: input.sessionId,
    ...(name === undefined ? {} : { customerName: name }),
    customerEmail: email,
    ...(phone === undefined ? {} : { customerPhone: phone }),
    status: 'open',
    priority: 'normal',
    summary: input.summary,
    transcript: input.transcript,
    shortlist: input.shortlist,
    inspiration: input.inspiration,
    ...(timezone === undefined ? {} : { timezone }),
    ...(input.metadata === undefined ? {} : { metadata: input.metadata }),
    assignedTo: null,
    slaDeadline: new Date(now + slaMinutes * 60_000),
    createdAt: new Date(now),
  };
}
