import type {
  CapsuleHold,
  OrderDocument,
  ProductDocument,
  ReturnDocument,
  SubscriptionDocument,
} from './documents.ts';
import type { KeyClaim, KeyUse, OrderLookup, Reservation, Store } from './store.ts';

const stubProducts: readonly ProductDocument[] = ['ring', 'earrings', 'necklace', 'bracelet'].map(
  (category, index) => ({
    productId: `prod_stub_${category}`,
    slug: `stub-${category}`,
    name: `Sample ${category}`,
    pricing: { basePrice: 1_000 + index * 250, currency: 'USD' },
    category,
    metadata: { readyToShip: true, primaryMetal: '14k_yellow', badges: [], score: 0.5 },
    tags: ['sample'],
    inventory: { available: 10 },
  }),
);

/** The one order that stub mode knows. */
const stubOrder: OrderDocument = {
  orderNumber: 'GG-12345',
  customerEmail: 'sample@example.com',
  status: 'delivered',
  items: [{ productId: 'prod_stub_ring', name: 'Sample ring' }],
  shipping: { carrier: 'UPS', service: 'Ground', trackingNumber: '1Z9995678', postalCode: '10001' },
};

/** Canned answers without a database: for demonstrations, never for customers. Keeps nothing. */
export class StubStore implements Store {
  async products(): Promise<readonly ProductDocument[]> {
    return stubProducts;
  }
  /** Every lookup finds the same order under the number that was asked for, delivered yesterday. */
  async findOrder(lookup: OrderLookup): Promise<OrderDocument | null> {
    const orderNumber = 'orderNumber' in lookup ? lookup.orderNumber : stubOrder.orderNumber;
    const deliveredAt = new Date(Date.now() - 86_400_000);
    return { ...stubOrder, orderNumber, shipping: { ...stubOrder.shipping, deliveredAt } };
  }
  async openReturn(_document: ReturnDocument): Promise<boolean> {
    return true;
  }
  async findReturn(): Promise<ReturnDocument | null> {
    return null;
  }
  async reserveCapsule(_hold: CapsuleHold, _shortlistId: string): Promise<Reservation> {
    return { state: 'reserved', shortlistCount: 2 };
  }
  async addTicket(): Promise<number> {
    return 1;
  }
  async addFeedback(): Promise<boolean> {
    return true;
  }
  async saveShortlist(): Promise<void> {}
  async addInspiration(): Promise<void> {}
  async subscribe(_subscription: SubscriptionDocument): Promise<void> {}
  async addMessages(): Promise<void> {}
  async claimKey(_use: KeyUse): Promise<KeyClaim> {
    return { state: 'fresh' };
  }
  async answerKey(): Promise<void> {}
  async freeKey(): Promise<void> {}
  async ping(): Promise<void> {}
  async close(): Promise<void> {}
}
