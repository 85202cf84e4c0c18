import type { CapsuleDocument } from '../../storage/collections.ts';
import type { Listed } from '../../storage/dashboard-queries.ts';
import type { Page } from '../frame.ts';
import { type Html, html } from '../html.ts';
import { filter, nothing, pager, pill, table } from '../table.ts';
import { emailFor, type Viewer } from '../viewer.ts';
import { counted, moment } from '../words.ts';
import { shortId } from './queue.ts';
import { pieceOf } from './ticket.ts';

const soonMs = 2 * 3_600_000;

/** The capsules that are held, the one that ends first at the top. */
export function capsulesPage(
  viewer: Viewer,
  capsules: Listed<CapsuleDocument>,
  onlySoon: boolean,
): Page {
  const path = '/dashboard/support/capsules';
  const options = [
    { title: 'All', href: path, chosen: !onlySoon },
    { title: 'Ends within 12 h', href: `${path}?within=12h`, chosen: onlySoon },
  ];
  const empty = onlySoon ? 'No capsule ends within the next 12 hours.' : 'No pieces are on hold.';
  return {
    title: 'Capsules',
    lede: 'Pieces that are held for a customer for 48 hours; who ends first is on top. Times are in UTC.',
    refreshSeconds: 60,
    body: html`${filter('Time left', options)}
${
  capsules.items.length === 0
    ? nothing('No capsules here', empty)
    : html`${listed(viewer, capsules.items)}${pager(viewer.address, capsules.items.length, capsules.next)}`
}`,
  };
}

function listed({ rights, now }: Viewer, capsules: readonly CapsuleDocument[]): Html {
  const ending = ({ expiresAt }: CapsuleDocument) => expiresAt.getTime() - now < soonMs;
  return table<CapsuleDocument>(
    'Capsules',
    [
      { title: 'Capsule', kind: 'lead', cell: ({ capsuleId }) => shortId(capsuleId) },
      { title: 'Customer', cell: ({ customerEmail }) => emailFor(rights, customerEmail) },
      { title: 'Pieces', cell: pieces },
      { title: 'Reserved', cell: ({ reservedAt }) => moment(reservedAt, now) },
      {
        title: 'Ends',
        cell: (capsule) =>
          html`${ending(capsule) && html`${pill('Within 2 h', 'bad')} `}${moment(capsule.expiresAt, now)}`,
      },
    ],
    capsules,
    (capsule) => (ending(capsule) ? 'urgent' : null),
  );
}

function pieces({ shortlist }: CapsuleDocument): Html {
  const names = shortlist.map((piece) => pieceOf(piece).name);
  return html`<span class="wide">${counted(names.length, 'piece')}<span class="under">${names.join(', ')}</span></span>`;
}
