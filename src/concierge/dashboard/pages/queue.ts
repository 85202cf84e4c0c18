import type { Listed } from '../../storage/dashboard-queries.ts';
import type { TicketDocument } from '../../storage/documents.ts';
import type { Page } from '../frame.ts';
import { type Html, html } from '../html.ts';
import { filter, nothing, pager, pill, table } from '../table.ts';
import { emailFor, nameFor, type Viewer } from '../viewer.ts';
import { moment, plain } from '../words.ts';

const longestSummary = 140;

/** The queue of open tickets: urgent ones first, then who has waited longest. */
export function queuePage(
  viewer: Viewer,
  tickets: Listed<TicketDocument>,
  priority: 'high' | 'normal' | undefined,
): Page {
  const path = '/dashboard/support/queue';
  const options = [
    { title: 'All', href: path, chosen: priority === undefined },
    { title: 'High', href: `${path}?priority=high`, chosen: priority === 'high' },
    { title: 'Normal', href: `${path}?priority=normal`, chosen: priority === 'normal' },
  ];
  return {
    title: 'Support queue',
    lede: 'Open tickets: high priority first, then who has waited longest. Times are in UTC.',
    refreshSeconds: 120,
    body: html`${filter('Priority', options)}
${
  tickets.items.length === 0
    ? nothing('Nobody waits', 'Every customer who asked for a stylist has been answered.')
    : html`${listed(viewer, tickets.items)}${pager(viewer.address, tickets.items.length, tickets.next)}`
}`,
  };
}

function listed(viewer: Viewer, tickets: readonly TicketDocument[]): Html {
  const { rights, now } = viewer;
  return table<TicketDocument>(
    'Open tickets',
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
      { title: 'Answer due', cell: ({ slaDeadline }) => deadline(slaDeadline, now) },
    ],
    tickets,
    ({ slaDeadline }) => (slaDeadline.getTime() <= now ? 'urgent' : null),
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

/** When an answer is due, and a word where that has passed. */
export function deadline(at: Date, now: number): Html {
  const late = at.getTime() <= now;
  return html`${late && html`${pill('Overdue', 'bad')} `}${moment(at, now)}`;
}
