/**
 * The colours of whatever the concierge shows: widget, demo shop and dashboards. Each is a constant of
 * its own, so that the widget's bundle takes along only those that it wears.
 */

/** A colour by day and by night. */
export type Colour = readonly [light: string, dark: string];

/** What a shop's or a dashboard's page lies on. */
export const ground: Colour = ['#fbf8f2', '#131110'];
/** What lies upon it: the widget, cards, tables. */
export const sheet: Colour = ['#fffdf9', '#191613'];
export const ink: Colour = ['#241f1a', '#f4ede3'];
/** For words that are less than the others. */
export const quiet: Colour = ['#6a6056', '#bcb0a1'];
/** For what can be pressed or followed. */
export const gold: Colour = ['#7a5a1c', '#dcbc80'];
export const line: Colour = ['#e8dfd2', '#3a332c'];
/** Around what can be filled in: stands out more than a line. */
export const edge: Colour = ['#8f8374', '#8f8272'];
/** Behind what was chosen or said. */
export const tint: Colour = ['#f3ebdd', '#26211c'];
/** A filled button, and its words. */
export const deep: Colour = ['#241f1a', '#e6cb96'];
export const onDeep: Colour = ['#fffdf9', '#1d1813'];
export const bad: Colour = ['#9c2b1f', '#f0a196'];
export const badTint: Colour = ['#f9e7e1', '#35201c'];
export const good: Colour = ['#3e5c2c', '#b5cf9c'];

/** What a piece is made of, by day and by night alike. */
export const metals = {
  '14k_yellow': '#b98f3a',
  '14k_white': '#8d8f94',
  '14k_rose': '#bf7f68',
  platinum: '#7f8791',
} as const;

/** Bars of charts: the metal, and a paler one behind a line. */
export const bar: Colour = [metals['14k_yellow'], metals['14k_yellow']];
export const pale: Colour = ['#e0c994', '#5d4b26'];

/** The widget's own: what the customer said, and a tint that shows beside it. */
export const widgetSoft: Colour = ['#f5eee3', tint[1]];
export const widgetTint: Colour = [tint[0], '#2b251f'];
/** The demo shop's own: it has more bare ground, and is calmer at night. */
export const shopLine: Colour = [line[0], '#332d27'];
export const shopTint: Colour = [tint[0], '#211d19'];

/** A style sheet's colours as CSS: `--name:value;` for each, by day and by night. */
export function declared(colours: Readonly<Record<string, Colour>>): {
  readonly light: string;
  readonly dark: string;
} {
  const all = (shade: 0 | 1) =>
    Object.entries(colours)
      .map(([name, colour]) => `--${name}:${colour[shade]};`)
      .join('');
  return { light: all(0), dark: all(1) };
}
