import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type EventName,
  eventNames,
  problemOf,
} from '../../../src/concierge/analytics/catalogue.ts';
import { CheckedEvents } from '../../../src/concierge/analytics/checked-events.ts';
import { intentNamed, pictureTypeOf } from '../../../src/concierge/analytics/fields.ts';
import { maskEmail, maskPhone } from '../../../src/concierge/masks.ts';

const who = {
  timestamp: new Date(0),
  sessionId: 'sess_one',
  requestId: 'req_one',
  environment: 'dev' as const,
  build: 'b'.repeat(64),
};
const hash = 'a'.repeat(64);

/** The demanded fields of every event. */
const demanded: Readonly<Record<EventName, Readonly<Record<string, unknown>>>> = {
  aurora_widget_open: { source: 'launcher' },
  aurora_widget_close: { source: 'dialog' },
  aurora_intent_detected: { intent: 'financing' },
  aurora_intent_complete: { intent: 'find_product' },
  aurora_products_shown: { intent: 'find_product', productIds: ['prod_aurora_ring'] },
  aurora_product_shortlisted: { productId: 'prod_aurora_ring' },
  aurora_product_shortlisted_error: { productId: 'prod_aurora_ring' },
  aurora_product_view: { productId: 'prod_aurora_ring' },
  aurora_add_to_bag: { productId: 'prod_aurora_ring' },
  aurora_capsule_reserved: { capsuleId: 'cap_1', expiresAt: new Date(0).toISOString() },
  aurora_order_tracked: { intent: 'track_order' },
  aurora_return_initiated: { orderNumberHash: hash, option: 'return' },
  aurora_stylist_ticket_created: { ticketId: 'sty_1' },
  aurora_csat_submitted: { rating: 'great' },
  aurora_inspiration_uploaded: { inspirationId: 'ins_1' },
  aurora_order_updates_subscribed: { channel: 'sms' },
  aurora_timeline_text_updates: { success: true },
  aurora_timeline_text_updates_error: { success: false },
  aurora_inline_track_order: {},
  aurora_inline_stylist: {},
  aurora_outage_notice: {},
};

const whole = (event: EventName, more: object = {}) => ({
  ...demanded[event],
  event,
  ...who,
  ...more,
});

describe('event catalogue', () => {
  it.each(eventNames)('%s needs its fields and those that every event has', (event) => {
    expect(problemOf(whole(event))).toBeNull();
    for (const field of [...Object.keys(demanded[event]), ...Object.keys(who)]) {
      const lacking = { ...whole(event), [field]: undefined };
      expect(problemOf(lacking)).toEqual({ event, problems: [`${field}: missing`] });
    }
  });
  it.each(eventNames)('%s takes no field that is not its own, and does not name it', (event) => {
    const problem = problemOf(whole(event, { 'my secret is': 'blue' }));
    expect(problem).toEqual({ event, problems: ['a field that is not in the catalogue'] });
  });
  it('stands in the docs, event by event', async () => {
    const page = await readFile(
      new URL('../../../docs/concierge-data.md', import.meta.url),
      'utf8',
    );
    for (const event of eventNames) {
      const word = event.replace('aurora_', '').replace(/_error$/, '');
      expect(page).toContain(`\`${word}\``);
    }
  });
  it('refuses an event of another name, without repeating it', () => {
    const problem = problemOf({ ...who, event: 'aurora_my_secret' });
    expect(problem?.event).toBe('unknown');
    expect(JSON.stringify(problem)).not.toContain('secret');
  });
  it.each(eventNames)('%s has no field that takes a sentence', (event) => {
    const sentence = fc
      .lorem({ maxCount: 4, mode: 'words' })
      .map((words) => `My neighbour ${words}, as I said!`);
    const fields = Object.keys({ ...optional, ...demanded[event] });
    fc.assert(
      fc.property(sentence, fc.constantFrom(...fields), (text, field) => {
        for (const planted of [text, [text], { tags: [text] }, { [text]: 1 }]) {
          const problem = problemOf(whole(event, { [field]: planted }));
          expect(problem).not.toBeNull();
          expect(JSON.stringify(problem)).not.toContain(text);
        }
      }),
    );
  });
  it('takes what the masks make, and no address', () => {
    const subscribed = (maskedDestination: string) =>
      problemOf(whole('aurora_order_updates_subscribed', { maskedDestination }));
    for (const masked of [
      maskPhone('+1 415 555 7890'),
      maskPhone('1'),
      maskEmail('ann@example.com'),
    ]) {
      expect(subscribed(masked)).toBeNull();
    }
    expect(subscribed('ann@example.com')).not.toBeNull();
    expect(subscribed('+1 415 555 7890')).not.toBeNull();
  });
  it('knows pictures and intents by its own words only', () => {
    expect(pictureTypeOf('image/png')).toBe('image/png');
    expect(pictureTypeOf('image/my-secret')).toBe('image/other');
    expect(intentNamed('csat')).toBe('csat');
    expect(intentNamed('my secret')).toBeUndefined();
  });
});

/** Every field that any event may have. */
const optional = {
  userRole: 0,
  entryPoint: 0,
  source: 0,
  filters: 0,
  intentConfidence: 0,
  via: 0,
  durationMs: 0,
  outcome: 0,
  count: 0,
  readyToShipCount: 0,
  offerId: 0,
  position: 0,
  ctaId: 0,
  tags: 0,
  badgeShown: 0,
  shortlistCount: 0,
  orderNumberHash: 0,
  status: 0,
  eligibilityState: 0,
  rmaId: 0,
  reasonCode: 0,
  itemsCount: 0,
  priority: 0,
  queue: 0,
  slaMinutes: 0,
  queuePosition: 0,
  commentLength: 0,
  contentType: 0,
  sizeBytes: 0,
  maskedDestination: 0,
  subscriptionId: 0,
  feature: 0,
  intent: 0,
};

describe('checked events', () => {
  it('passes good events on, leaves bad ones out and tells why', async () => {
    const passed: string[] = [];
    const told: unknown[] = [];
    const sink = {
      emit: ({ event }: { event: string }) => passed.push(event),
      close: async () => {},
    };
    const checked = new CheckedEvents(
      { ...sink, emit: (event) => void sink.emit(event) },
      (problem) => told.push(problem),
    );
    checked.emit(whole('aurora_csat_submitted'));
    checked.emit(whole('aurora_csat_submitted', { rating: 'so so' }));
    await checked.close();
    expect(passed).toEqual(['aurora_csat_submitted']);
    expect(told).toEqual([
      { event: 'aurora_csat_submitted', problems: ['rating: not of its kind'] },
    ]);
  });
});
