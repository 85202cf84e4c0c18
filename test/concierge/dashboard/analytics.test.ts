import { describe, expect, it } from 'vitest';
import { DayTally } from '../../../src/concierge/dashboard/analytics/day-facts.ts';
import { DayLedger } from '../../../src/concierge/dashboard/analytics/ledger.ts';
import { reportOf } from '../../../src/concierge/dashboard/analytics/report.ts';
import type { CountedEvent, Stretch } from '../../../src/concierge/storage/dashboard-queries.ts';

const day = 86_400_000;
const minute = 60_000;
const noon = Date.parse('2026-11-22T12:00:00Z');

function event(name: string, sessionId: string, at: number, more: object = {}): CountedEvent {
  return { event: `aurora_${name}`, sessionId, timestamp: new Date(at), ...more };
}

/** A source of events that remembers which stretches it was asked for. */
function source(events: CountedEvent[]) {
  const asked: Stretch[] = [];
  const ledger = new DayLedger(async function* (stretch) {
    asked.push(stretch);
    const { from, until } = stretch;
    yield* events.filter(({ timestamp }) => timestamp >= from && timestamp < until);
  });
  return { ledger, asked };
}

describe('a day', () => {
  const tally = new DayTally('2026-11-22');
  const find = { intent: 'find_product' };
  tally.add(event('widget_open', 'a', noon));
  tally.add(event('products_shown', 'a', noon, find));
  tally.add(event('products_shown', 'a', noon, find));
  tally.add(event('capsule_reserved', 'a', noon));
  // The browser of this one never told that it opened.
  tally.add(event('products_shown', 'b', noon, find));
  tally.add(event('order_tracked', 'b', noon, { intent: 'track_order' }));
  tally.add(event('product_shortlisted', 'c', noon, { productId: 'prod_x' }));
  const facts = tally.facts();

  it('counts events by times, intents by sessions', () => {
    expect(facts.sessions).toBe(3);
    expect(facts.events.get('aurora_products_shown')).toBe(3);
    expect(Object.fromEntries(facts.intents)).toEqual({ find_product: 2, track_order: 1 });
    expect(Object.fromEntries(facts.shortlisted)).toEqual({ prod_x: 1 });
  });

  it('puts who got to a later step of a funnel on the earlier ones too', () => {
    expect(Object.fromEntries(facts.funnels)).toEqual({
      discovery: [2, 2, 1],
      engagement: [3, 3, 1],
      orderSupport: [1, 1, 0],
    });
  });

  it('bears more kinds of intents than there can be', () => {
    const full = new DayTally('2026-11-22');
    for (let n = 0; n < 100; n += 1) full.add(event('x', `s${n}`, noon, { intent: `i${n}` }));
    expect(full.facts().sessions).toBe(100);
    expect(full.facts().intents.size).toBe(30);
  });
});

describe('the ledger of days', () => {
  const shown = (sessionId: string, at: number) => event('products_shown', sessionId, at);

  it('has a fact for each day, also for those without events, oldest first', async () => {
    const { ledger } = source([shown('a', noon - 2 * day), shown('b', noon)]);
    const days = await ledger.days(4, noon);
    expect(days.map(({ day, sessions }) => [day, sessions])).toEqual([
      ['2026-11-19', 0],
      ['2026-11-20', 1],
      ['2026-11-21', 0],
      ['2026-11-22', 1],
    ]);
  });

  it('reads once a minute, and then only what can have changed', async () => {
    const events = [shown('a', noon - 3 * day)];
    const { ledger, asked } = source(events);
    await Promise.all([
      ledger.days(7, noon),
      ledger.days(7, noon),
      ledger.days(3, noon + minute / 2),
    ]);
    expect(asked).toHaveLength(1);
    events.push(shown('b', noon + minute / 2));
    expect((await ledger.days(7, noon + minute - 1)).at(-1)?.sessions).toBe(0);
    expect((await ledger.days(7, noon + minute)).at(-1)?.sessions).toBe(1);
    expect(asked[1]?.from.toISOString()).toBe('2026-11-22T00:00:00.000Z');
  });

  it('reads a day once more after midnight, for events that came late', async () => {
    const midnight = Date.parse('2026-11-23T00:00:00Z');
    const events: CountedEvent[] = [];
    const { ledger, asked } = source(events);
    await ledger.days(7, midnight - 5 * minute);
    events.push(shown('late', midnight - 1));
    const days = await ledger.days(7, midnight + 5 * minute);
    expect(days.at(-2)?.sessions).toBe(1);
    expect(asked[1]?.from.toISOString()).toBe('2026-11-22T00:00:00.000Z');
    await ledger.days(7, midnight + 120 * minute);
    await ledger.days(7, midnight + 130 * minute);
    expect(asked[3]?.from.toISOString()).toBe('2026-11-23T00:00:00.000Z');
  });

  it('reads further back when more days are asked for, and after days of silence', async () => {
    const { ledger, asked } = source([shown('a', noon - 40 * day), shown('b', noon + 2 * day)]);
    await ledger.days(7, noon);
    expect((await ledger.days(90, noon)).filter(({ sessions }) => sessions > 0)).toHaveLength(1);
    const later = await ledger.days(90, noon + 3 * day);
    expect(later.filter(({ sessions }) => sessions > 0)).toHaveLength(2);
    expect(asked[2]?.from.toISOString()).toBe('2026-11-22T00:00:00.000Z');
  });

  it('tells of a storage that is away, and recovers', async () => {
    let away = true;
    const ledger = new DayLedger(async function* () {
      if (away) throw new Error('away');
      yield shown('a', noon);
    });
    await expect(ledger.days(7, noon)).rejects.toThrow('away');
    away = false;
    expect((await ledger.days(7, noon)).at(-1)?.sessions).toBe(1);
  });
});

describe('a report', () => {
  it('sums days, ranks pieces by times and then by name, and keeps ten', () => {
    const tally = new DayTally('2026-11-22');
    const pick = (productId: string) =>
      tally.add(event('product_shortlisted', 'a', noon, { productId }));
    for (let n = 0; n < 12; n += 1) pick(`prod_${String(n).padStart(2, '0')}`);
    pick('prod_07');
    const facts = tally.facts();
    const names = new Map([['prod_07', 'Seven']]);
    const report = reportOf(
      '7d',
      [facts, facts],
      new Map([
        [5, 3],
        [2, 1],
      ]),
      names,
    );
    expect(report.topShortlisted).toHaveLength(10);
    expect(report.topShortlisted[0]).toEqual({ productId: 'prod_07', name: 'Seven', times: 4 });
    expect(report.topShortlisted[1]).toEqual({ productId: 'prod_00', name: 'prod_00', times: 2 });
    expect(report.totals).toMatchObject({
      sessions: 2,
      shortlisted: 26,
      ratings: 4,
      meanScore: 4.25,
    });
    expect(report.csat.map(({ ratings }) => ratings)).toEqual([0, 1, 0, 0, 3]);
    expect(reportOf('7d', [], new Map(), names).totals.meanScore).toBeNull();
  });
});
