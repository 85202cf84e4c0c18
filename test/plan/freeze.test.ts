import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Freeze, frozenAt, untilText } from '../../src/plan/freeze.ts';
import { instantOf, isZone, wallAt } from '../../src/plan/freeze-zone.ts';

const at = (iso: string) => Date.parse(iso);
const wall = (text: string) => Date.parse(`${text}Z`);
const hour = 60;

const blackWeek: Freeze = {
  name: 'Black Week',
  zone: 'Europe/Oslo',
  when: 'once',
  from: wall('2026-11-27T00:00'),
  to: wall('2026-12-01T00:00'),
};
const fridays: Freeze = {
  name: 'Friday afternoon',
  zone: 'Europe/Oslo',
  when: 'weekly',
  days: [5],
  from: 15 * hour,
  to: 24 * hour,
};
const nights: Freeze = {
  name: 'nights',
  zone: 'Europe/Oslo',
  when: 'weekly',
  days: [0, 1, 2, 3, 4, 5, 6],
  from: 22 * hour,
  to: 6 * hour,
};
const holidays: Freeze = {
  name: 'Christmas',
  zone: 'Europe/Oslo',
  when: 'yearly',
  from: { month: 12, day: 23 },
  to: { month: 1, day: 2 },
};

describe('a freeze window', () => {
  it.each([
    ['once, a moment before', blackWeek, '2026-11-26T22:59:59.999Z', null],
    ['once, its first moment', blackWeek, '2026-11-26T23:00:00Z', '2026-11-30T23:00:00Z'],
    ['once, its last', blackWeek, '2026-11-30T22:59:59.999Z', '2026-11-30T23:00:00Z'],
    ['once, the first free moment', blackWeek, '2026-11-30T23:00:00Z', null],
    ['weekly, before', fridays, '2026-11-27T13:59:59Z', null],
    ['weekly, in winter', fridays, '2026-11-27T14:00:00Z', '2026-11-27T23:00:00Z'],
    ['weekly, in summer an hour earlier', fridays, '2026-07-03T13:00:00Z', '2026-07-03T22:00:00Z'],
    ['weekly, on another day', fridays, '2026-11-26T16:00:00Z', null],
    ['across midnight, in the evening', nights, '2026-11-25T21:30:00Z', '2026-11-26T05:00:00Z'],
    ['across midnight, in the morning', nights, '2026-11-26T04:59:00Z', '2026-11-26T05:00:00Z'],
    ['across midnight, by day', nights, '2026-11-26T05:00:00Z', null],
    ['yearly, before', holidays, '2026-12-22T22:59:00Z', null],
    ['yearly, in the old year', holidays, '2026-12-24T12:00:00Z', '2027-01-02T23:00:00Z'],
    ['yearly, in the new year', holidays, '2027-01-02T22:59:00Z', '2027-01-02T23:00:00Z'],
    ['yearly, after its last day', holidays, '2027-01-02T23:00:00Z', null],
  ])('%s', (_what, freeze, instant, until) => {
    expect(frozenAt([freeze], at(instant))).toEqual(
      until === null ? null : { name: freeze.name, zone: freeze.zone, until: at(until) },
    );
  });

  it('ends where the last of those that adjoin or overlap ends', () => {
    const weekend: Freeze = { ...fridays, name: 'weekend', days: [6, 0], from: 0 };
    // Friday 15:00 to Sunday 24:00, and Black Week goes on until Tuesday.
    expect(frozenAt([fridays, weekend], at('2026-11-20T15:00:00Z'))?.until).toBe(
      at('2026-11-22T23:00:00Z'),
    );
    expect(frozenAt([fridays, weekend, blackWeek], at('2026-11-27T15:00:00Z'))).toMatchObject({
      name: 'Black Week',
      until: at('2026-11-30T23:00:00Z'),
    });
  });

  it('has no end worth telling when it always holds', () => {
    const always: Freeze = { ...nights, from: 0, to: 24 * hour };
    const frozen = frozenAt([always], at('2026-03-01T00:00:00Z'));
    expect(frozen?.until).toBeNull();
    expect(frozen && untilText(frozen, 'UTC')).toBe('further notice');
  });

  it('is a night of one hour less, and more, when clocks are changed', () => {
    const hours = (instant: string) => {
      const frozen = frozenAt([{ ...nights, days: [6] }], at(instant));
      return ((frozen?.until ?? 0) - at(instant)) / 3_600_000;
    };
    expect(hours('2026-03-28T21:00:00Z')).toBe(7);
    expect(hours('2026-10-24T20:00:00Z')).toBe(9);
  });

  it('begins and ends with the change of the clocks where the wall never shows its times', () => {
    // Clocks go from 02:00 to 03:00 on 29 March 2026.
    const gap = { ...nights, days: [0], from: 2 * hour + 10, to: 2 * hour + 40 };
    expect(frozenAt([gap], at('2026-03-29T00:59:59Z'))).toBeNull();
    expect(frozenAt([gap], at('2026-03-29T01:00:00Z'))).toBeNull();
    const into = { ...gap, from: hour };
    expect(frozenAt([into], at('2026-03-29T00:30:00Z'))?.until).toBe(at('2026-03-29T01:00:00Z'));
    const out = { ...gap, to: 5 * hour };
    expect(frozenAt([out], at('2026-03-29T01:00:00Z'))?.until).toBe(at('2026-03-29T03:00:00Z'));
  });

  it('is the longer one where the wall shows its times twice', () => {
    // Clocks go from 03:00 back to 02:00 on 25 October 2026, at 01:00 UTC.
    const twice = { ...nights, days: [0], from: 2 * hour + 10, to: 2 * hour + 40 };
    expect(frozenAt([twice], at('2026-10-25T00:10:00Z'))?.until).toBe(at('2026-10-25T01:40:00Z'));
    expect(frozenAt([twice], at('2026-10-25T00:50:00Z'))).not.toBeNull();
  });

  it('tells its end on the walls there and here', () => {
    const frozen = frozenAt([blackWeek], at('2026-11-28T00:00:00Z'));
    const there = 'Tue, 1 Dec 2026, 00:00 in Europe/Oslo';
    expect(frozen && untilText(frozen, 'Europe/Oslo')).toBe(there);
    expect(frozen && untilText(frozen, 'America/New_York')).toBe(
      `${there} (Mon, 30 Nov 2026, 18:00 in America/New_York)`,
    );
  });
});

describe('a zone', () => {
  it('is known to the machine or is none', () => {
    expect(['Europe/Oslo', 'UTC', 'Asia/Kathmandu'].map(isZone)).toEqual([true, true, true]);
    expect(['Europe/Olso', '', 'Mars/Base'].map(isZone)).toEqual([false, false, false]);
  });

  it('gives back the instant whose wall it showed, also where a whole day was left out', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/Oslo', 'Pacific/Apia', 'Australia/Lord_Howe', 'America/St_Johns'),
        fc.integer({
          min: at('2011-06-01T00:00:00Z') / 1_000,
          max: at('2030-01-01T00:00:00Z') / 1_000,
        }),
        (zone, seconds) => {
          const instant = seconds * 1_000;
          const shown = wallAt(zone, instant);
          const [first, last] = [instantOf(zone, shown, 'first'), instantOf(zone, shown, 'last')];
          expect([wallAt(zone, first), wallAt(zone, last)]).toEqual([shown, shown]);
          expect([first, last]).toContain(instant);
        },
      ),
    );
    // Samoa had no 30 December 2011: the day of a wall that never was is the moment of the change.
    expect(instantOf('Pacific/Apia', wall('2011-12-30T12:00'), 'first')).toBe(
      at('2011-12-30T10:00:00Z'),
    );
  });
});

/** The wall as text that sorts, by another way through Intl than the code under test goes. */
function wallTexts(timeZone: string, instants: readonly number[]): readonly string[] {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return instants.map((instant) => format.format(instant));
}

const minute = 60_000;

/**
 * Walks minute by minute: frozen is every minute that has the beginning behind it and the end
 * before it, by what walls show within half a day of it.
 */
function naiveMinutes(zone: string, start: number, minutes: number, [from, to]: [string, string]) {
  const margin = 12 * 60;
  const all = Array.from({ length: minutes + 2 * margin }, (_, i) => start + (i - margin) * minute);
  const texts = wallTexts(zone, all);
  return Array.from({ length: minutes }, (_, index) => {
    const own = index + margin;
    return (
      texts.slice(own - margin, own + 1).some((text) => text >= from) &&
      texts.slice(own, own + margin).some((text) => text < to)
    );
  });
}

describe('a window and a walk minute by minute', () => {
  it('agree around every change of the clocks', () => {
    const changes: readonly { readonly zone: string; readonly instant: string }[] = [
      { zone: 'Europe/Oslo', instant: '2026-03-29T01:00:00Z' },
      { zone: 'Europe/Oslo', instant: '2026-10-25T01:00:00Z' },
      { zone: 'America/New_York', instant: '2026-11-01T06:00:00Z' },
      { zone: 'Australia/Lord_Howe', instant: '2026-04-04T15:00:00Z' },
      { zone: 'Asia/Kathmandu', instant: '2026-03-29T01:00:00Z' },
    ];
    const parts = fc.record({
      change: fc.constantFrom(...changes),
      from: fc.integer({ min: -300, max: 300 }),
      length: fc.integer({ min: 1, max: 400 }),
    });
    fc.assert(
      fc.property(parts, ({ change: { zone, instant }, from, length }) => {
        const middle = at(instant);
        const begin = wallAt(zone, middle) + from * minute;
        const end = begin + length * minute;
        const text = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
        const freeze: Freeze = { name: 'f', zone, when: 'once', from: begin, to: end };
        const start = middle - 420 * minute;
        const naive = naiveMinutes(zone, start, 840, [text(begin), text(end)]);
        const ours = naive.map((_, index) => frozenAt([freeze], start + index * minute) !== null);
        expect(ours).toEqual(naive);
      }),
      { numRuns: 12 },
    );
  });

  it('agree on weekly windows over a month, midnight or not', () => {
    const start = at('2026-10-05T00:00:00Z');
    const names = ['sön', 'mån', 'tis', 'ons', 'tors', 'fre', 'lör'];
    const weekday = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Europe/Oslo',
      weekday: 'short',
    });
    const quarters = Array.from({ length: 28 * 96 }, (_, index) => start + index * 15 * minute);
    const texts = wallTexts('Europe/Oslo', quarters);
    const walls = quarters.map((instant, index) => ({
      day: names.indexOf(weekday.format(instant)),
      time: texts[index]?.slice(11) ?? '',
      instant,
    }));
    const clock = (minutes: number) =>
      `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
        fc.integer({ min: 0, max: 95 }),
        fc.integer({ min: 0, max: 96 }),
        (days, first, last) => {
          fc.pre(first !== last);
          const freeze: Freeze = { ...nights, days, from: first * 15, to: last * 15 };
          const [from, to] = [clock(first * 15), clock(last * 15)];
          // The night of the change has tests of its own.
          for (const { day, time, instant } of walls) {
            if (Math.abs(instant - at('2026-10-25T01:00:00Z')) < 3 * 3_600_000) continue;
            const before = (day + 6) % 7;
            const naive =
              last > first
                ? days.includes(day) && time >= from && time < to
                : (days.includes(day) && time >= from) || (days.includes(before) && time < to);
            if ((frozenAt([freeze], instant) !== null) !== naive) {
              throw new Error(`${new Date(instant).toISOString()}: expected ${naive}`);
            }
          }
        },
      ),
      { numRuns: 6 },
    );
  });
});
