import { z } from 'zod';
import { fields as f } from './fields.ts';
import { type Fits, quickCheck } from './quick-check.ts';

/** What every event has besides its own fields. */
const who = {
  timestamp: z.date(),
  sessionId: z.string().regex(/^[\w.:-]{6,128}$/),
  requestId: z.string().regex(/^[\w.:-]{1,128}$/),
  environment: z.enum(['prod', 'staging', 'dev']),
  /** Digest of the build that told of it; the past before aurora has a word of its own. */
  build: z.string().regex(/^[\w .:-]{1,80}$/),
};

const timelineTexts = { success: f.flag, orderNumberHash: f.orderNumberHash.optional() };
const shortlisted = {
  productId: f.productId,
  position: f.count.optional(),
  ctaId: f.cta.optional(),
};

/** The fields of each event: those without `optional()` are demanded, others than these refused. */
const eventFields = {
  aurora_widget_open: {
    source: f.source,
    userRole: f.userRole.optional(),
    entryPoint: f.source.optional(),
  },
  aurora_widget_close: { source: f.source, userRole: f.userRole.optional() },
  aurora_intent_detected: {
    intent: f.intent,
    source: f.source.optional(),
    filters: f.filters.optional(),
    intentConfidence: f.share.optional(),
    via: f.via.optional(),
  },
  aurora_intent_complete: {
    intent: f.intent,
    durationMs: f.count.optional(),
    outcome: f.outcome.optional(),
  },
  aurora_products_shown: {
    intent: f.intent,
    productIds: z.array(f.productId).min(1).max(25),
    count: f.count.optional(),
    filters: f.filters.optional(),
    readyToShipCount: f.count.optional(),
    offerId: f.offerId.optional(),
  },
  aurora_product_shortlisted: shortlisted,
  aurora_product_shortlisted_error: shortlisted,
  aurora_product_view: {
    productId: f.productId,
    source: f.source.optional(),
    tags: f.tags.optional(),
  },
  aurora_add_to_bag: {
    productId: f.productId,
    source: f.source.optional(),
    badgeShown: f.flag.optional(),
    tags: f.tags.optional(),
  },
  aurora_capsule_reserved: {
    capsuleId: f.capsuleId,
    expiresAt: f.moment,
    shortlistCount: f.count.optional(),
  },
  aurora_order_tracked: {
    intent: f.intent,
    orderNumberHash: f.orderNumberHash.optional(),
    status: f.orderStatus.optional(),
  },
  aurora_return_initiated: {
    orderNumberHash: f.orderNumberHash,
    option: f.option,
    eligibilityState: f.eligibility.optional(),
    rmaId: f.rmaId.optional(),
    reasonCode: f.reasonCode.optional(),
    itemsCount: f.count.optional(),
  },
  aurora_stylist_ticket_created: {
    ticketId: f.ticketId,
    priority: f.priority.optional(),
    queue: f.queue.optional(),
    slaMinutes: f.count.optional(),
    queuePosition: f.count.optional(),
  },
  aurora_csat_submitted: {
    rating: f.rating,
    intent: f.intent.optional(),
    commentLength: f.count.optional(),
  },
  aurora_inspiration_uploaded: {
    inspirationId: f.inspirationId,
    contentType: f.contentType.optional(),
    sizeBytes: f.count.optional(),
  },
  aurora_order_updates_subscribed: {
    channel: f.channel,
    orderNumberHash: f.orderNumberHash.optional(),
    maskedDestination: f.maskedDestination.optional(),
    subscriptionId: f.subscriptionId.optional(),
  },
  aurora_timeline_text_updates: timelineTexts,
  aurora_timeline_text_updates_error: timelineTexts,
  aurora_inline_track_order: { source: f.source.optional() },
  aurora_inline_stylist: { source: f.source.optional() },
  aurora_outage_notice: { intent: f.intent.optional(), feature: f.feature.optional() },
} as const satisfies Readonly<Record<string, z.ZodRawShape>>;

/** The events of the shop's analytics. */
export type EventName = keyof typeof eventFields;

/** Every name of the catalogue, in its order. */
export const eventNames = Object.keys(eventFields) as readonly EventName[];

const schemas: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries(eventFields).map(([event, fields]) => [
    event,
    z.strictObject({ ...who, event: z.literal(event), ...fields }),
  ]),
);

/** The same, quicker: they say whether an event fits, the schemas what is wrong with one that does not. */
const quick: ReadonlyMap<string, Fits> = new Map(
  [...schemas].map(([event, schema]) => [event, quickCheck(schema)]),
);

/** Whether the catalogue has an event of this name. */
export function isEventName(name: string): name is EventName {
  return schemas.has(name);
}

/** What is wrong with an event, in words of ours alone: nothing of its content. */
export interface EventProblem {
  /** A name of the catalogue, or `unknown`. */
  readonly event: EventName | 'unknown';
  /** Such as `rating: missing`, `intent: not of its kind`, `a field that is not in the catalogue`. */
  readonly problems: readonly string[];
}

/** What keeps an event out of analytics; null for one that fits the catalogue. */
export function problemOf(event: { readonly event: string }): EventProblem | null {
  if (quick.get(event.event)?.(event) === true) return null;
  const schema = schemas.get(event.event);
  if (schema === undefined || !isEventName(event.event)) {
    return { event: 'unknown', problems: ['an event that is not in the catalogue'] };
  }
  const parsed = schema.safeParse(event);
  if (parsed.success) return null;
  const problems = parsed.error.issues.map((issue) => inOurWords(issue, event));
  return { event: event.event, problems: [...new Set(problems)] };
}

/** Paths name fields of the catalogue; a field that is none of it stays unnamed. */
function inOurWords(issue: z.core.$ZodIssue, event: object): string {
  if (issue.code === 'unrecognized_keys') return 'a field that is not in the catalogue';
  const [field = 'event'] = issue.path;
  const there = Reflect.get(event, field) !== undefined;
  return `${String(field)}: ${there ? 'not of its kind' : 'missing'}`;
}
