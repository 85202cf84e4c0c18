import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import type { SeenLook } from '../../src/release/state.ts';
import { canaryPanel } from '../../src/ui/canary-panel.ts';
import { textWidth } from '../../src/ui/text.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { lookAhead, lookData, metricData, metricsData, proven } from '../report/looks.ts';

const at = Date.parse('2025-11-22T05:10:00.000Z');
const seen = (data: JsonObject, minute = 0): SeenLook => ({
  at: new Date(at + minute * 60_000).toISOString(),
  data,
});

interface Drawn {
  readonly width?: number;
  readonly room?: number;
  readonly unicode?: boolean;
  readonly colour?: boolean;
  /** Milliseconds after the last look. */
  readonly later?: number;
}

function draw(looks: readonly SeenLook[], drawn: Drawn = {}): readonly string[] {
  const { width = 79, room = 20, unicode = true, colour = false, later = 0 } = drawn;
  const theme = createTheme({ colour, unicode });
  const now = Date.parse(looks.at(-1)?.at ?? '') + later;
  return canaryPanel(looks, room, { theme, width, room, now, spin: '*' }) ?? [];
}

const one = (change: JsonObject = {}) => [seen(lookData(change))];
/** Twenty looks, a minute apart, with evidence that grows. */
const many = Array.from({ length: 20 }, (_, minute) =>
  seen(
    lookData({
      elapsedMs: minute * 60_000,
      metrics: metricsData({ errors: { done: minute / 20 }, csat: { done: 0 } }),
    }),
    minute,
  ),
);
const lineOf = (lines: readonly string[], title: string) =>
  lines.find((line) => line.includes(title)) ?? '';

describe('the view of a watch', () => {
  it.each([
    [59, true],
    [59, false],
    [79, true],
    [79, false],
    [119, true],
    [119, false],
  ])('fits %i columns (Unicode: %s), and tells title, counts and outlook', (width, unicode) => {
    const lines = draw(many, { width, unicode });
    for (const line of lines) expect(textWidth(line), line).toBeLessThanOrEqual(width);
    expect(lineOf(lines, 'Error rate')).toMatch(/Error rate .*0\/540 .*about 40 s to go/);
    if (!unicode) expect(lines.join('\n')).toMatch(/^[\u0020-\u007e\n]*$/);
  });

  it('adds history, units and intervals as there is room for them', () => {
    const at = (width: number) => lineOf(draw(many, { width }), 'Error rate');
    expect(at(59)).not.toMatch(/[▁▂▃▄▅▆▇]/);
    expect(at(79)).toMatch(/▂.*█$/);
    expect(at(79)).not.toContain('sessions');
    expect(at(119)).toContain('sessions  0 % (0 % to 0.71 %)');
  });

  it('shows gates first, then guards under a count of them', () => {
    const titles = draw(one()).map((line) => line.slice(9, 25).trimEnd());
    expect(titles[2]).toMatch(/^Error rate/);
    expect(titles[4]).toMatch(/^Negative CSAT/);
    expect(titles[5]).toBe('6 guards: 6 not');
    expect(titles[6]).toMatch(/^Latency of order/);
  });

  it('short of room counts guards, but shows every gate and a guard that is red', () => {
    const metrics = metricsData({
      'capsule-availability': { state: 'red', band: 'red' },
      'stylist-latency': proven,
    });
    const lines = draw(one({ metrics }), { room: 7 });
    expect(lines).toHaveLength(7);
    expect(lines.join('\n')).toContain('6 guards: 1 RED, 4 not judged yet, 1 green');
    expect(lineOf(lines, 'Availability of caps')).toMatch(/✖ .*OVER ITS LIMIT/);
    expect(lineOf(lines, 'Latency of stylist')).toBe('');
  });

  it('with more gates than lines counts those that are proven', () => {
    const gates = Array.from({ length: 12 }, (_, i) => [
      `gate-${i}`,
      metricData({ title: `Gate ${i}`, ...(i < 10 ? proven : {}) }),
    ]);
    const lines = draw(one({ metrics: Object.fromEntries(gates) }), { room: 5 });
    expect(lines).toHaveLength(4);
    expect(lines.join('\n')).toContain('10 gates: 10 green');
    expect(lineOf(lines, 'Gate 11')).toContain('to go');
  });

  it('tells by signs and words, not by colour alone', () => {
    const metrics = metricsData({
      errors: proven,
      csat: { state: 'red', band: 'red' },
      'products-latency': { state: 'amber' },
    });
    const plain = draw(one({ metrics }));
    const painted = draw(one({ metrics }), { colour: true });
    expect(painted.map(stripVTControlCharacters)).toEqual(plain);
    expect(painted).not.toEqual(plain);
    const signs = ['Error rate', 'Negative CSAT', 'Latency of products'].map(
      (title) => lineOf(plain, title)[7],
    );
    expect(signs).toEqual(['✔', '✖', '◆']);
  });

  it('tells window, requests, control and split', () => {
    const text = draw(one(), { width: 119 }).slice(0, 2).join(' ');
    expect(text).toContain('collecting evidence, 10 min of 30 min, 2210 requests, 1 with a 5xx');
    expect(text).toContain('with control');
    expect(text).toContain('split 5.12 % (set 5 %)');
  });

  it('says that there is no control, and that the window was extended', () => {
    const change = { compared: false, extended: true, elapsedMs: 1_860_000, split: null };
    const text = draw(one(change), { width: 119 }).join('\n');
    expect(text).toContain('31 min of 45 min (extended)');
    expect(text).toContain('no control');
  });

  it('counts on between looks, and says so when the next look is overdue', () => {
    const soon = draw(many, { later: 12_000 });
    expect(soon[0]).toContain('19 min 12 s of 30 min');
    const late = draw(many, { later: 300_000, width: 119 });
    expect(late[0]).toContain('19 min of 30 min, last look 5 min ago');
  });

  it('does not jump back when the clock of the watch is ahead', () => {
    expect(draw(many, { later: -60_000 })[0]).toContain('19 min of 30 min');
  });

  it.each([
    [
      { failures: 3, lastFailure: 'connect ECONNREFUSED' },
      'not measured 3 times in a row: connect',
    ],
    [{ drift: 'the flag was changed: 20 % instead of 5 %' }, '20 % instead of 5 %'],
    [{ split: { observed: 0.2, mismatch: true, words: 'split is broken' } }, 'split is broken'],
    [{ state: 'amber', why: ['csat: 9 answers, 15 needed'] }, 'csat: 9 answers, 15 needed'],
  ])('gives trouble a line of its own: %j', (change, words) => {
    expect(draw(one(change), { room: 7 }).slice(1, 3).join('\n')).toContain(words);
  });

  it.each([
    [{ toGreen: null, earliestMs: null, expectedMs: null }, 'out of reach'],
    [{ expectedMs: null }, 'out of reach'],
    [{ n: 0, rate: null, toGreen: 679, earliestMs: null, expectedMs: null }, 'no samples yet'],
    [{ expectedMs: 7_500_000 }, '3 h: too late'],
    [{ done: 0, evidenceAgainst: 50 }, 'towards red: 75 %'],
    [proven, 'proven'],
  ])('says what becomes of a metric: %j', (change, words) => {
    const lines = draw(one({ metrics: metricsData({ errors: change }) }));
    expect(lineOf(lines, 'Error rate')).toContain(words);
  });

  it('draws a bar that is full only when the proof is whole', () => {
    const bar = (done: number) =>
      lineOf(draw(one({ metrics: metricsData({ errors: { done } }) })), 'Error rate');
    expect(bar(0)).toMatch(/ ░+ /);
    expect(bar(0.999)).toMatch(/█░ /);
    expect(bar(1)).toMatch(/ █+ /);
  });

  it('draws only the history of its own watch', () => {
    const ramp = seen(lookData({ watch: 'ramp', elapsedMs: 0 }), 30);
    expect(lineOf(draw([...many, ramp]), 'Error rate')).not.toMatch(/[▁▂▃▄▅▆▇]/);
  });

  it('before the first look tells what cannot be proven first', () => {
    const lines = draw([seen(lookAhead)]);
    expect(lines[0]).toContain('foreseen, from the last hour: 1 of 2 metrics can be proven');
    expect(lines[1]).toContain('◆ csat: 4 answers expected');
    expect(draw([seen(lookAhead)], { room: 2 })).toHaveLength(2);
  });

  it('is the same for the same looks and the same moment', () => {
    expect(draw(many, { later: 5_000 })).toEqual(draw(many, { later: 5_000 }));
  });

  it('has nothing to show of progress that is no look', () => {
    const theme = createTheme({ colour: false, unicode: true });
    const canvas = { theme, width: 79, room: 7, now: at, spin: '*' };
    expect(canaryPanel([], 7, canvas)).toBeNull();
    expect(canaryPanel([seen({ lines: 3 })], 7, canvas)).toBeNull();
  });

  it('reads looks of an older journal, which told less', () => {
    const metrics = {
      errors: {
        band: 'amber',
        n: 5,
        bad: 0,
        evidence: 4,
        evidenceNeeded: 16,
        toGreen: 45,
        etaMs: 9_000,
      },
    };
    const lines = draw([seen({ band: 'amber', elapsedMs: 1_000, windowMs: 30_000, metrics })]);
    expect(lineOf(lines, 'errors')).toMatch(/▸ errors .*0\/5.*about 9 s to go/);
  });
});
