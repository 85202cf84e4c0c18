import type { Listed } from '../../storage/dashboard-queries.ts';
import type { TicketDocument } from '../../storage/documents.ts';
import type { Page } from '../frame.ts';
import { type Html, html } from '../html.ts';
import { filter, nothing, pager, pill, table } from '../table.ts';
import { emailFor, nameFor, type Viewer } from '../viewer.ts';
import { moment, plain } from '../words.ts';

const longestSummary = 140;

/** Where a ticket may stand. */
export const ticketStatuses = ['open', 'in_progress', 'complete'] as const;

/** Which tickets were asked for. */
export interface ChosenTickets {
  readonly status: TicketDocument['status'];
  readonly priority?: TicketDocument['priority'] | undefined;
}

/** The queue of tickets: urgent ones first, then who has waited longest. */
export function queuePage(
  viewer: Viewer,
  tickets: Listed<TicketDocument>,
  chosen: ChosenTickets,
): Page {
  return {
    title: 'Support queue',
    lede: 'High priority first, then who has waited longest. Times are in UTC.',
    refreshSeconds: 120,
    body: html`${filters(chosen)}
${
  tickets.items.length === 0
    ? nothing('No tickets here', emptyWords[chosen.status])
    : html`${listed(viewer, tickets.items)}${pager(viewer.address, tickets.items.length, tickets.next)}`
}`,
  };
}

const emptyWords: Readonly<Record<TicketDocument['status'], string>> = {
  open: 'Nobody waits for an answer.',
  in_progress: 'Nobody is at work on a ticket of this kind.',
  complete: 'No ticket of this kind has been completed.',
};

function filters({ status, priority }: ChosenTickets): Html {
  const href = (chosen: ChosenTickets) => {
    const entries = Object.entries(chosen).filter(([, value]) => value !== undefined);
    return `/dashboard/support/queue?${new URLSearchParams(Object.fromEntries(entries))}`;
  };
  const statuses = ticketStatuses.map((one) => ({
    title: plain(one),
    href: href({ status: one, priority }),
    chosen: one === status,
  }));
  const high = {
    title: 'High priority only',
    href: href({ status, priority: priority === 'high' ? undefined : 'high' }),
    chosen: priority === 'high',
  };
  return html`<div class="filters">${filter('Status', statuses)}${filter('Priority', [high])}</div>`;
}

function listed(viewer: Viewer, tickets: readonly TicketDocument[]): Html {
  const { rights, now } = viewer;
  return table<TicketDocument>(
    'Tickets',
    [
      {
        title: 'Ticket',
        kind: 'lead',
        cell: ({ ticketId }) =>
          rights.tickets
            ? html`<a href="/dashboard/support/tickets/${encodeURIComponent(ticketId)}">${shortId(ticketId)}</a>`
            : shortId(ticketId),
      },
      { title: 'Priority', cell: ({ priority }) => priorityPill(priority) },
      { title: 'Customer', cell: (ticket) => customerOf(viewer, ticket) },
      ...(rights.words
        ? [{ title: 'What it is about', cell: ({ summary }: TicketDocument) => shortened(summary) }]
        : []),
      { title: 'Waiting since', cell: ({ createdAt }) => moment(createdAt, now) },
      { title: 'Answer due', cell: (ticket) => deadline(ticket, now) },
    ],
    tickets,
    (ticket) => (isLate(ticket, now) ? 'urgent' : null),
  );
}

function customerOf({ rights }: Viewer, { customerName, customerEmail }: TicketDocument): Html {
  const email = emailFor(rights, customerEmail);
  if (customerName === undefined) return html`${email}`;
  return html`${nameFor(rights, customerName)}<span class="under">${email}</span>`;
}

function shortened(text: string): Html {
  const letters = [...text];
  const shown =
    letters.length <= longestSummary ? text : `${letters.slice(0, longestSummary).join('')}…`;
  return html`<span class="wide">${shown}</span>`;
}

/** The end of an id: enough to tell tickets apart, short enough to read out. */
export function shortId(id: string): string {
  return id.length <= 14 ? id : `${id.slice(0, 4)}…${id.slice(-6)}`;
}

export function priorityPill(priority: string): Html {
  return pill(plain(priority), priority === 'high' ? 'bad' : 'plain');
}

/** When an answer is due, and a word where that has passed and nobody has answered. */
export function deadline(ticket: TicketDocument, now: number): Html {
  return html`${isLate(ticket, now) && html`${pill('Overdue', 'bad')} `}${moment(ticket.slaDeadline, now)}`;
}

function isLate({ status, slaDeadline }: TicketDocument, now: number): boolean {
  return status === 'open' && slaDeadline.getTime() <= now;
}
