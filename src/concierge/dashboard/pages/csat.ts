import type { Listed } from '../../storage/dashboard-queries.ts';
import type { FeedbackDocument } from '../../storage/documents.ts';
import type { Page } from '../frame.ts';
import { html } from '../html.ts';
import { nothing, pager, table } from '../table.ts';
import type { Viewer } from '../viewer.ts';
import { moment, plain } from '../words.ts';

/** Ratings that need a person, newest first. */
export function csatPage(viewer: Viewer, feedback: Listed<FeedbackDocument>): Page {
  const { rights, now } = viewer;
  const columns = [
    {
      title: 'Given',
      kind: 'lead' as const,
      cell: (one: FeedbackDocument) => moment(one.timestamp, now),
    },
    {
      title: 'Score',
      kind: 'number' as const,
      cell: ({ score }: FeedbackDocument) => `${score} of 5`,
    },
    {
      title: 'Subject',
      cell: ({ intent }: FeedbackDocument) => (intent === undefined ? '–' : plain(intent)),
    },
    {
      title: 'Order',
      cell: ({ orderNumber }: FeedbackDocument) =>
        orderNumber === undefined
          ? html`<span class="none">–</span>`
          : html`<a href="/dashboard/orders/${encodeURIComponent(orderNumber)}">${orderNumber}</a>`,
    },
    ...(rights.words
      ? [
          {
            title: 'Comment',
            cell: ({ comment }: FeedbackDocument) =>
              comment === undefined || comment === ''
                ? html`<span class="none">–</span>`
                : html`<span class="wide">${comment}</span>`,
          },
        ]
      : []),
  ];
  return {
    title: 'Feedback that needs follow-up',
    lede: 'Ratings below 3, newest first. Times are in UTC.',
    refreshSeconds: 300,
    body:
      feedback.items.length === 0
        ? nothing('No complaints', 'Nobody has rated below 3.')
        : html`${table('Ratings below 3', columns, feedback.items)}${pager(viewer.address, feedback.items.length, feedback.next)}`,
  };
}
