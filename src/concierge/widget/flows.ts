import { type Answer, Refusal } from './api.ts';
import { asking } from './asking.ts';
import type { Concierge } from './concierge.ts';
import { type Fields, textOf } from './data.ts';
import { button } from './dom.ts';
import type { Filled } from './form.ts';
import type { Intent } from './intents.ts';
import { paths } from './paths.ts';
import { withPerson } from './person.ts';
import {
  capsuleFields,
  inspirationFields,
  lookupFields,
  pictureProblem,
  pieceFields,
  returnFields,
  updateFields,
} from './questions.ts';
import { shortlistView } from './views/shortlist.ts';

/** What is known before a form is shown. */
export interface Known {
  readonly orderNumber?: string;
}

type Flow = (concierge: Concierge, known: Known) => void;

const flows: Readonly<Record<Intent, Flow>> = {
  find_product: findProduct,
  track_order: trackOrder,
  return_exchange: returnPiece,
  shortlist_save: (concierge) => concierge.place(shortlistView(concierge)),
  capsule_reserve: reserveCapsule,
  stylist_contact: (concierge) => concierge.ask(withPerson(concierge, {})),
  inspiration_upload: shareInspiration,
  order_updates_subscribe: followOrder,
  csat: (concierge) => concierge.show([{ type: 'csat_bar', payload: {} }]),
};

/** Begins what the customer wants. */
export function begin(intent: Intent, concierge: Concierge, known: Known): void {
  flows[intent](concierge, known);
}

function findProduct(concierge: Concierge): void {
  concierge.ask(
    asking(concierge, {
      heading: 'Find a piece',
      fields: pieceFields,
      submitLabel: 'Show me',
      send: ({ values }) => concierge.api.post(paths.products, filtersOf(values)),
      said: ({ values }) =>
        `Show me ${values.category === 'earrings' ? 'earrings' : `${values.category}s`}`,
      answered: (answer, { values }) =>
        concierge.show(answer.messages, {
          after: morePieces(concierge, filtersOf(values), answer),
        }),
    }),
  );
}

function filtersOf({ category, metal, priceMax, readyToShip }: Filled['values']): Fields {
  return {
    category,
    limit: 4,
    ...(metal === undefined ? {} : { metal }),
    ...(priceMax === undefined ? {} : { priceMax: Number(priceMax) }),
    ...(readyToShip === undefined ? {} : { readyToShip: true }),
  };
}

/** A button for the next pieces; undefined when these were all. */
function morePieces(
  concierge: Concierge,
  filters: Fields,
  { body }: Answer,
): HTMLElement | undefined {
  const cursor = textOf(body.nextCursor);
  if (cursor === undefined) return undefined;
  const more = button('secondary', 'Show more pieces', async () => {
    more.remove();
    const next = await concierge.conversation.waitFor(() =>
      concierge.api.post(paths.products, { ...filters, cursor }),
    );
    if (next === undefined) return;
    const pieces = next.messages.filter(({ type }) => type === 'product_card');
    concierge.show(pieces, { after: morePieces(concierge, filters, next) });
  });
  return more;
}

function trackOrder(concierge: Concierge): void {
  concierge.ask(
    asking(concierge, {
      heading: 'Track an order',
      fields: lookupFields,
      submitLabel: 'Find my order',
      blames: { 'validation.lookup': 'orderNumber', 'order.not_found': 'orderNumber' },
      send: ({ values: { by: _by, ...lookup } }) => concierge.api.post(paths.orderStatus, lookup),
      said: ({ values }) => `Where is ${values.orderNumber ?? 'my order'}?`,
    }),
  );
}

/** While returns are off the form is not offered: a person takes over. */
function returnPiece(concierge: Concierge): void {
  const { returnsOutage } = concierge.facts;
  if (returnsOutage !== undefined) {
    const about = { intent: 'return_exchange', feature: 'returns' };
    concierge.tell('aurora_outage_notice', about);
    console.info('aurora_outage_notice', about);
    concierge.show([
      { type: 'assistant_text', payload: { text: returnsOutage } },
      { type: 'escalation_form', payload: { heading: 'A person will help with your return' } },
    ]);
    return;
  }
  concierge.ask(
    asking(concierge, {
      heading: 'Return, resize or repair',
      fields: returnFields,
      submitLabel: 'Start',
      blames: { 'validation.contact_email': 'email', 'returns.ineligible': 'orderNumber' },
      send: ({ values: { email, ...asked } }) =>
        concierge.api.post(paths.returns, { ...asked, contact: { email } }, { once: true }),
      said: ({ values }) =>
        `${returnWords[values.option ?? ''] ?? 'Return'}: ${values.orderNumber}`,
      // Opened: a person is only offered. Declined (returns went off meanwhile): a person is needed.
      answered: ({ messages, body }) => concierge.show(messages, { fold: body.rmaId !== null }),
    }),
  );
}

const returnWords: Readonly<Record<string, string>> = {
  return: 'Return',
  resize: 'Resize',
  care: 'Repair and care',
};

function reserveCapsule(concierge: Concierge): void {
  const { shortlist, api } = concierge;
  if (shortlist.size < 2) {
    concierge.place(shortlistView(concierge));
    return;
  }
  concierge.ask(
    asking(concierge, {
      heading: `Hold ${shortlist.size} pieces for 48 hours`,
      fields: capsuleFields,
      submitLabel: 'Reserve',
      blames: { 'validation.contact_email': 'email' },
      send: async ({ values: { email: customerEmail } }) => {
        const shortlistId = await shortlist.savedId();
        return api.post(paths.capsule, { shortlistId, customerEmail }, { once: true });
      },
      said: () => 'Please hold my shortlist',
    }),
  );
}

function followOrder(concierge: Concierge, { orderNumber }: Known): void {
  concierge.ask(
    asking(concierge, {
      heading: 'Get news of an order',
      fields: updateFields(orderNumber),
      submitLabel: 'Keep me posted',
      blames: { 'subscription.order_not_found': 'orderNumber', 'validation.consent': 'consent' },
      send: ({ values: { orderNumber: order, channel, email, phone } }) =>
        concierge.api.post(paths.orderUpdates, {
          orderNumber: order,
          contact: { channel, value: channel === 'sms' ? phone : email },
          consent: true,
        }),
      said: ({ values }) => `Keep me posted about ${values.orderNumber}`,
    }),
  );
}

function shareInspiration(concierge: Concierge): void {
  concierge.ask(
    asking(concierge, {
      heading: 'Share an inspiration',
      description:
        'Tell us of a picture. We note its name and what you like; a stylist asks you for the picture itself.',
      fields: inspirationFields,
      submitLabel: 'Share',
      blames: { UPLOAD_TOO_LARGE: 'picture', 'validation.content_type': 'picture' },
      send: (filled) => announcePicture(concierge, filled),
      said: ({ file }) => `I have a picture: ${file?.name ?? ''}`,
    }),
  );
}

/** Tells the API of a picture, and remembers its address for the stylist. */
async function announcePicture(
  { api, pictures }: Concierge,
  { values: { caption }, file }: Filled,
): Promise<Answer> {
  if (file === undefined) throw new Refusal(400, 'validation.content_type', '');
  const problem = pictureProblem(file);
  if (problem !== undefined) throw new Refusal(400, problem, '');
  const { type, size: sizeBytes } = file;
  const metadata = {
    type,
    sizeBytes,
    fileName: file.name.slice(0, 200),
    source: 'widget',
    ...(caption === undefined ? {} : { caption: caption.slice(0, 280) }),
  };
  const answer = await api.post(paths.inspiration, { metadata });
  const assetUrl = textOf(answer.body.url);
  if (assetUrl !== undefined) pictures.push({ assetUrl, label: file.name.slice(0, 120) });
  return answer;
}
