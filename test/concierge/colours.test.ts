import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import * as colours from '../../src/concierge/colours.ts';
import { dashboardStyle } from '../../src/concierge/dashboard/style.ts';
import { demoStyle } from '../../src/concierge/demo/style.ts';
import { style } from '../../src/concierge/widget/style.ts';

const { ground, sheet, ink, quiet, gold, edge, tint, deep, onDeep, bad, badTint, good } = colours;
const { widgetSoft, widgetTint, shopTint } = colours;

/** Relative luminance of `#rrggbb`, 0 to 1, as WCAG 2 has it. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

describe('the colours', () => {
  it('stand in one place: no style sheet has a value of its own', async () => {
    for (const place of ['widget', 'demo', 'dashboard']) {
      const file = new URL(`../../src/concierge/${place}/style.ts`, import.meta.url);
      const source = await readFile(file, 'utf8');
      // Shadows and what is printed are black, white and grey: three or four digits.
      const values = source.match(/#[0-9a-f]{6}(?![0-9a-f])/gi) ?? [];
      expect([place, values]).toEqual([place, []]);
    }
  });
  it.each([
    ['the widget', style],
    ['the demo shop', demoStyle],
    ['the dashboards', dashboardStyle],
  ])('%s declares every one that it uses, by day and by night', (_place, css) => {
    const night = css.indexOf('(prefers-color-scheme:dark)');
    const declaredIn = (part: string) =>
      new Set([...part.matchAll(/--([\w-]+):#/g)].map(([, name]) => name));
    const byDay = declaredIn(css.slice(0, night));
    expect(byDay.size).toBeGreaterThan(5);
    const byNight = declaredIn(css.slice(night, css.indexOf('}}', night)));
    expect([...byNight].sort()).toEqual([...byDay].sort());
    const used = new Set([...css.matchAll(/var\(--([\w-]+)\)/g)].map(([, name]) => name ?? ''));
    const notColours = ['serif', 'sans', 'side'];
    expect([...used].filter((name) => !byDay.has(name) && !notColours.includes(name))).toEqual([]);
  });
  it.each([
    ['by day', 0],
    ['by night', 1],
  ] as const)('can be read %s: words 4.5 to 1, edges 3 to 1', (_when, shade) => {
    const words = [ink, quiet, gold].flatMap((word) =>
      [ground, sheet, tint, widgetTint, shopTint].map((on) => [word, on] as const),
    );
    const others = [
      [ink, widgetSoft],
      [onDeep, deep],
      [bad, sheet],
      [bad, badTint],
      [good, tint],
    ] as const;
    for (const [word, on] of [...words, ...others]) {
      const pair = `${word[shade]} on ${on[shade]}`;
      expect(contrast(word[shade], on[shade]), pair).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(edge[shade], sheet[shade])).toBeGreaterThanOrEqual(3);
  });
});
