import type { TicketDocument } from '../../storage/documents.ts';
import type { Page } from '../frame.ts';
import { type Html, html } from '../html.ts';
import { facts } from '../table.ts';
import type { Viewer } from '../viewer.ts';
import { moment, money, plain } from '../words.ts';
import { deadline, priorityPill } from './queue.ts';

/** One ticket, for whoever answers it: who, what, what was said before, and what they liked. */
export function ticketPage(viewer: Viewer, ticket: TicketDocument): Page {
  const { now } = viewer;
  return {
    title: ticket.customerName ?? ticket.customerEmail,
    lede: `Ticket ${ticket.ticketId}`,
    refreshSeconds: 120,
    body: html`<p class="back"><a href="/dashboard/support/queue">The queue</a></p>
<div class="grid two">
<section class="card full"><h2>Contact</h2>${contact(ticket, now)}</section>
<section class="card full"><h2>What it is about</h2><p class="words">${ticket.summary}</p></section>
<section class="card"><h2>What was said</h2>${transcript(ticket, now)}</section>
<section class="card"><h2>Shortlist</h2>${shortlist(ticket)}</section>
</div>`,
  };
}

function contact(ticket: TicketDocument, now: number): Html {
  const { customerEmail, customerPhone } = ticket;
  return facts([
    ['Answer due', deadline(ticket, now)],
    ['Waiting since', moment(ticket.createdAt, now)],
    ['Priority', priorityPill(ticket.priority)],
    ['Status', plain(ticket.status)],
    ['E-mail', html`<a href="mailto:${customerEmail}">${customerEmail}</a>`],
    ['Telephone', customerPhone ?? null],
    ['Assigned to', ticket.assignedTo ?? 'nobody yet'],
  ]);
}

function transcript({ transcript }: TicketDocument, now: number): Html {
  if (transcript.length === 0)
    return html`<p class="quiet">No conversation came with the ticket.</p>`;
  return html`<ol class="talk">${transcript.map(
    ({
      role,
      content,
      timestamp,
    }) => html`<li><p class="who-said">${role === 'guest' ? 'Customer' : 'Concierge'}
${timestamp !== undefined && moment(timestamp, now)}</p><p class="words">${String(content)}</p></li>`,
  )}</ol>`;
}

function shortlist({ shortlist }: TicketDocument): Html {
  if (shortlist.length === 0) return html`<p class="quiet">Nothing was shortlisted.</p>`;
  return html`<ul class="way">${shortlist
    .map(pieceOf)
    .map(
      ({ name, price }) => html`<li><span>${name}</span><span class="number">${price}</span></li>`,
    )}</ul>`;
}

/** What can be told of a shortlisted piece: customers' browsers send them, in any shape. */
export function pieceOf(piece: unknown): { readonly name: string; readonly price: string } {
  const fields: Readonly<Record<string, unknown>> =
    typeof piece === 'object' && piece !== null ? { ...piece } : {};
  const { name, productId, price, currency } = fields;
  const shown = [name, productId, piece].find((one) => typeof one === 'string');
  return {
    name: typeof shown === 'string' ? shown : 'A piece without a name',
    price:
      typeof price === 'number'
        ? money(price, typeof currency === 'string' ? currency : undefined)
        : '',
  };
}
