/** A product as the shop keeps it. */
export interface ProductDocument {
  readonly productId: string;
  readonly slug: string;
  readonly name: string;
  readonly specLine?: string;
  readonly heroImage?: string;
  readonly pricing?: { readonly basePrice?: number | null; readonly currency?: string };
  readonly category: string;
  readonly metadata: {
    readonly readyToShip: boolean;
    readonly primaryMetal: string;
    readonly badges?: readonly string[];
    /** 0 to 1: how well it sells. */
    readonly score?: number;
    readonly shippingPromise?: string;
  };
  readonly tags: readonly string[];
  /** `override` lets a piece be shown although none is in stock. */
  readonly inventory: { readonly available: number; readonly override?: boolean };
}

/** When an order reached a status. */
export interface StatusEntry {
  readonly status: string;
  readonly timestamp: Date;
}

/** An order as the shop keeps it. */
export interface OrderDocument {
  readonly orderNumber: string;
  readonly customerEmail: string;
  readonly status: string;
  readonly items?: readonly {
    readonly productId?: string;
    readonly name?: string;
    readonly custom?: boolean;
    /** Ring size, where it is known. */
    readonly size?: number;
    readonly engraved?: boolean;
  }[];
  readonly shipping?: {
    readonly carrier?: string;
    readonly service?: string;
    readonly trackingNumber?: string;
    readonly trackingUrl?: string;
    readonly postalCode?: string;
    readonly estimatedDelivery?: Date;
    readonly deliveredAt?: Date;
  };
  readonly statusHistory?: readonly StatusEntry[];
  readonly returnInfo?: { readonly rmaId: string; readonly option: string };
  readonly totals?: { readonly amount?: number; readonly currency?: string };
  readonly payment?: { readonly status?: string };
  readonly createdAt?: Date;
  readonly updatedAt?: Date;
}

/** An opened return, exchange or repair. */
export interface ReturnDocument {
  readonly rmaId: string;
  readonly sessionId: string;
  readonly orderNumber: string;
  readonly option: string;
  readonly status: string;
  readonly reason?: string;
  readonly newSize?: number;
  readonly shippingAddress?: Readonly<Record<string, string | undefined>>;
  readonly notes?: string;
  readonly contact?: { readonly email?: string; readonly phone?: string };
  readonly labelUrl: string;
  readonly keyHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/**
 * A rating. `score` is 5 for great and 2 for needs_follow_up. After 90 days it is anonymous: without
 * comment and order number, and under a session id that nobody had.
 */
export interface FeedbackDocument {
  readonly sessionId: string;
  readonly rating: 'great' | 'needs_follow_up';
  readonly score: number;
  readonly comment?: string;
  readonly intent?: string;
  readonly orderNumber?: string;
  readonly timestamp: Date;
  readonly anonymisedAt?: Date;
}

/** A request for a stylist. */
export interface TicketDocument {
  readonly ticketId: string;
  readonly sessionId: string;
  readonly customerName?: string;
  readonly customerEmail: string;
  readonly customerPhone?: string;
  readonly status: 'open' | 'in_progress' | 'complete';
  readonly priority: 'normal' | 'high';
  readonly summary: string;
  readonly transcript: readonly Readonly<Record<string, unknown>>[];
  readonly shortlist: readonly unknown[];
  /** Pictures that the customer shared. */
  readonly inspiration?: readonly {
    readonly assetUrl: string;
    readonly label?: string | undefined;
  }[];
  readonly timezone?: string;
  readonly metadata?: Readonly<Record<string, string | number | boolean | null>>;
  readonly assignedTo: string | null;
  readonly slaDeadline: Date;
  readonly createdAt: Date;
}

/** A reservation of a session's shortlist. */
export interface CapsuleHold {
  readonly capsuleId: string;
  readonly sessionId: string;
  readonly customerEmail: string;
  readonly status: 'active' | 'released';
  readonly reservedAt: Date;
  readonly expiresAt: Date;
}

/** A picture that a customer uploads. */
export interface InspirationDocument {
  readonly inspirationId: string;
  readonly sessionId: string;
  readonly assetUrl: string;
  readonly file: {
    readonly name: string;
    readonly contentType: string;
    readonly sizeBytes: number;
  };
  readonly caption?: string;
  readonly source?: string;
  readonly moderationStatus: 'pending_review' | 'approved' | 'rejected';
  readonly createdAt: Date;
}

/** A wish to hear about an order. The contact is hashed. */
export interface SubscriptionDocument {
  readonly subscriptionId: string;
  readonly sessionId: string;
  readonly orderNumber?: string;
  readonly channel: 'sms' | 'email';
  readonly contactHash: string;
  readonly consentAt: Date;
  readonly subscribedAt: Date;
}

/**
 * One turn of a conversation: of what kind, and what it was understood as. The words themselves are not
 * kept; they are on a ticket where a customer asked for a person.
 */
export interface SessionMessage {
  readonly role: 'guest' | 'concierge';
  readonly type: string;
  readonly intent: string | null;
  readonly timestamp: Date;
}

/** What a session left behind. Gone 30 days after its last change. */
export interface SessionDocument {
  readonly sessionId: string;
  /** The newest 200. */
  readonly messages?: readonly SessionMessage[];
  readonly shortlistId?: string;
  /** The newest 20. */
  readonly inspirationUrls?: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date;
}
