import { lookAtProducts } from './products-answer.ts';
import {
  inspirationUpload,
  orderLookup,
  orderUpdates,
  ownWords,
  paths,
  productQuestion,
  rememberedPieces,
  returnRequest,
  stylistRequest,
} from './questions.ts';
import type { Visit } from './visit.ts';

/** Of those who are offered a capsule, how many take it. */
const reserveShare = 0.3;
/** Ratings that turn out badly although nothing went wrong. */
const grumpyShare = 0.1;
/** Ratings that turn out badly after something did. */
const angryShare = 0.9;
/** Who is disappointed speaks up more often than who is not. */
const disappointedRates = 0.5;

/** What a customer came for. One to three requests. */
export type Journey = (visit: Visit) => Promise<void>;

async function rate(visit: Visit, contentRates: number, intent: string): Promise<void> {
  const { random, disappointed } = visit;
  if (!random.chance(disappointed ? disappointedRates : contentRates)) return;
  const bad = random.chance(disappointed ? angryShare : grumpyShare);
  await visit.ask(paths.csat, { rating: bad ? 'needs_follow_up' : 'great', intent });
}

async function reserve(visit: Visit, items: readonly object[]): Promise<void> {
  const kept = await visit.ask(paths.shortlist, { items }, { read: true });
  const shortlistId = (kept.body as { shortlistId?: unknown } | undefined)?.shortlistId;
  if (typeof shortlistId !== 'string') return;
  const customerEmail = `guest${visit.random.below(100_000)}@example.com`;
  const idempotencyKey = visit.newKey();
  await visit.ask(paths.capsule, { shortlistId, customerEmail }, { idempotencyKey });
}

/** Looks for a piece; reserves two when invited to, and complains when it is not what was asked for. */
export const discovery: Journey = async (visit) => {
  const asked = productQuestion(visit.random);
  const reply = await visit.ask(paths.products, asked, { read: true });
  const seen = lookAtProducts(reply.body, asked);
  if (!seen.asAsked) visit.disappointed = true;
  const wants = visit.random.chance(reserveShare);
  if (!visit.disappointed && wants && seen.mayReserve && seen.cards.length >= 2) {
    await reserve(visit, seen.cards.slice(0, 2));
    return;
  }
  await rate(visit, 0, 'find_product');
};

/** Asks where an order is; every second one says how that went. */
export const trackOrder: Journey = async (visit) => {
  await visit.ask(paths.orderStatus, orderLookup(visit.random));
  await rate(visit, 0.5, 'track_order');
};

/** Sends something back. That it is on its way already, or too late, is a fair answer. */
export const sendBack: Journey = async (visit) => {
  const fairRefusals = ['returns.duplicate', 'returns.ineligible'];
  const idempotencyKey = visit.newKey();
  await visit.ask(paths.returns, returnRequest(visit.random), { idempotencyKey, fairRefusals });
  await rate(visit, 0, 'return_exchange');
};

/** Asks for a person. */
export const askStylist: Journey = async (visit) => {
  await visit.ask(paths.stylist, stylistRequest(visit.random));
};

/** Rates what the widget did for them some time before. */
export const rateOnly: Journey = async (visit) => {
  await rate(visit, 1, 'csat');
};

/** Shows a picture. */
export const showPicture: Journey = async (visit) => {
  await visit.ask(paths.inspiration, inspirationUpload(visit.random));
};

/** Wants to be told how an order moves. */
export const followOrder: Journey = async (visit) => {
  await visit.ask(paths.orderUpdates, orderUpdates(visit.random));
};

/** Writes what is on their mind. A build from before the concierge could read is no reason to complain. */
export const writeFreely: Journey = async (visit) => {
  const fairRefusals = ['route.not_found'];
  await visit.ask(paths.messages, ownWords(visit.random), { fairRefusals });
};

/** Keeps two pieces for later. */
export const keepPieces: Journey = async (visit) => {
  await visit.ask(paths.shortlist, { items: rememberedPieces });
};
