import type { Db, UpdateFilter } from 'mongodb';
import { type Collections, collectionsOf } from './collections.ts';
import { isDuplicateKey } from './connect.ts';
import type {
  CapsuleHold,
  FeedbackDocument,
  InspirationDocument,
  OrderDocument,
  ProductDocument,
  ReturnDocument,
  SessionDocument,
  SessionMessage,
  SubscriptionDocument,
  TicketDocument,
} from './documents.ts';
import { MongoKeys } from './mongo-keys.ts';
import type {
  KeyClaim,
  KeyUse,
  OrderLookup,
  OwnReturn,
  Reservation,
  Store,
  StoredAnswer,
} from './store.ts';

const day = 86_400_000;
const shortlistDays = 30;
const sessionDays = 30;
const mostMessages = 200;
const mostPictures = 20;

/** The store in MongoDB. Unique indexes decide where two requests meet; nothing is read first. */
export class MongoStore implements Store {
  readonly #db: Db;
  readonly #in: Collections;
  readonly #keys: MongoKeys;

  constructor(db: Db) {
    this.#db = db;
    this.#in = collectionsOf(db);
    this.#keys = new MongoKeys(this.#in.idempotencyKeys);
  }

  products(): Promise<readonly ProductDocument[]> {
    return this.#in.products.find({}, { projection: { _id: 0 } }).toArray();
  }

  async findOrder(lookup: OrderLookup): Promise<OrderDocument | null> {
    const filter =
      'orderNumber' in lookup
        ? { orderNumber: lookup.orderNumber }
        : { customerEmail: lookup.email, 'shipping.postalCode': lookup.postalCode };
    const [newest] = await this.#in.orders.find(filter).sort({ createdAt: -1 }).limit(1).toArray();
    return newest ?? null;
  }

  /**
   * The order itself is the lock: only one request can move it to `return_pending`. The return is kept
   * first, so that a process which ends in between leaves an order that can still be returned, and a
   * document whose number nobody was told; the next try of the same request clears it away.
   */
  async openReturn(document: ReturnDocument): Promise<boolean> {
    const { orderNumber, sessionId, keyHash, rmaId, option, createdAt } = document;
    await this.#in.returns.insertOne({ ...document });
    const claimed = await this.#in.orders.updateOne(
      { orderNumber, status: { $ne: 'return_pending' } },
      {
        $set: { status: 'return_pending', returnInfo: { rmaId, option } },
        $push: { statusHistory: { status: 'return_pending', timestamp: createdAt } },
      },
    );
    const opened = claimed.modifiedCount > 0;
    const earlier = { orderNumber, sessionId, keyHash, rmaId: { $ne: rmaId } };
    const left = opened ? earlier : { rmaId };
    // What is done is done: that a leftover stays is no reason to tell the customer it failed.
    await this.#in.returns.deleteMany(left).catch(() => undefined);
    return opened;
  }

  findReturn({ rmaId, sessionId, keyHash, option }: OwnReturn): Promise<ReturnDocument | null> {
    const own = { rmaId, sessionId, keyHash, option };
    return this.#in.returns.findOne(own, { projection: { _id: 0 } });
  }

  /** The shortlist is the lock: one write reads it and marks it as held. */
  async reserveCapsule(hold: CapsuleHold, shortlistId: string): Promise<Reservation> {
    const { capsuleId, sessionId, reservedAt, expiresAt } = hold;
    const shortlist = await this.#in.widgetShortlists.findOneAndUpdate(
      {
        sessionId,
        shortlistId,
        'items.1': { $exists: true },
        $or: [{ hold: { $exists: false } }, { 'hold.expiresAt': { $lte: reservedAt } }],
      },
      { $set: { hold: { capsuleId, expiresAt } } },
    );
    if (shortlist === null) {
      const held = await this.#in.widgetShortlists.findOne({
        sessionId,
        'hold.expiresAt': { $gt: reservedAt },
      });
      return held === null ? { state: 'no-shortlist' } : { state: 'already-held' };
    }
    await Promise.all([
      this.#in.capsuleHolds.insertOne({ ...hold, shortlist: shortlist.items, orderNumber: null }),
      this.#in.renderJobs.insertOne({
        capsuleId,
        sessionId,
        status: 'pending',
        createdAt: reservedAt,
      }),
    ]);
    return { state: 'reserved', shortlistCount: shortlist.items.length };
  }

  async addTicket(ticket: TicketDocument): Promise<number> {
    await this.#in.stylistTickets.insertOne({ ...ticket });
    return this.#in.stylistTickets.countDocuments({ status: 'open' });
  }

  async addFeedback(feedback: FeedbackDocument): Promise<boolean> {
    try {
      await this.#in.csatFeedback.insertOne({ ...feedback });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async saveShortlist(
    sessionId: string,
    shortlistId: string,
    items: readonly unknown[],
  ): Promise<void> {
    const now = new Date();
    const expiresAt = new Date(now.getTime() + shortlistDays * day);
    await Promise.all([
      upserted(() =>
        this.#in.widgetShortlists.updateOne(
          { sessionId },
          {
            $set: { items, updatedAt: now, expiresAt },
            $setOnInsert: { shortlistId, createdAt: now },
          },
          { upsert: true },
        ),
      ),
      this.#remember(sessionId, { $set: { shortlistId } }),
    ]);
  }

  async addInspiration(inspiration: InspirationDocument): Promise<void> {
    const { sessionId, assetUrl } = inspiration;
    await Promise.all([
      this.#in.widgetInspiration.insertOne({ ...inspiration }),
      this.#remember(sessionId, {
        $push: { inspirationUrls: { $each: [assetUrl], $slice: -mostPictures } },
      }),
    ]);
  }

  async subscribe(subscription: SubscriptionDocument): Promise<void> {
    const { sessionId, subscriptionId, ...rest } = subscription;
    await upserted(() =>
      this.#in.widgetOrderSubscriptions.updateOne(
        { sessionId },
        { $set: rest, $setOnInsert: { subscriptionId } },
        { upsert: true },
      ),
    );
  }

  async addMessages(sessionId: string, messages: readonly SessionMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await this.#remember(sessionId, {
      $push: { messages: { $each: [...messages], $slice: -mostMessages } },
    });
  }

  claimKey(use: KeyUse): Promise<KeyClaim> {
    return this.#keys.claim(use);
  }

  answerKey(hash: string, answer: StoredAnswer): Promise<void> {
    return this.#keys.answer(hash, answer);
  }

  freeKey(hash: string): Promise<void> {
    return this.#keys.free(hash);
  }

  /** Changes what is kept of a session, which lives on for 30 days from now. */
  async #remember(sessionId: string, change: UpdateFilter<SessionDocument>): Promise<void> {
    const updatedAt = new Date();
    const expiresAt = new Date(updatedAt.getTime() + sessionDays * day);
    await upserted(() =>
      this.#in.widgetSessions.updateOne(
        { sessionId },
        {
          ...change,
          $set: { ...change.$set, updatedAt, expiresAt },
          $setOnInsert: { createdAt: updatedAt },
        },
        { upsert: true },
      ),
    );
  }

  async ping(): Promise<void> {
    await this.#db.command({ ping: 1 });
  }

  close(): Promise<void> {
    return this.#db.client.close();
  }
}

/**
 * An upsert that met another one of the same key: the document is there now, so that trying again only
 * changes it. The newest server does this by itself, older ones leave it to us.
 */
async function upserted(upsert: () => Promise<unknown>): Promise<void> {
  try {
    await upsert();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    await upsert();
  }
}
