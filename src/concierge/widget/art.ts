/** Line drawings of what the shop sells: data only, so that server and widget draw the same. */

/** One shape of a drawing, in a field of 120 by 90. */
export interface Shape {
  readonly tag: 'path' | 'circle' | 'ellipse';
  readonly attributes: Readonly<Record<string, string>>;
}

const line = (d: string): Shape => ({ tag: 'path', attributes: { d } });
const ring = (cx: number, cy: number, r: number): Shape => ({
  tag: 'circle',
  attributes: { cx: String(cx), cy: String(cy), r: String(r) },
});
const gem = (x: number, y: number, s: number): Shape =>
  line(
    `M${x - s} ${y}l${s / 2} ${-s / 2}h${s}l${s / 2} ${s / 2}l${-s} ${s}z` +
      `M${x - s} ${y}h${2 * s}M${x - s / 2} ${y}l${s / 2} ${s}l${s / 2} ${-s}`,
  );

const drawings: Readonly<Record<string, readonly Shape[]>> = {
  ring: [ring(60, 56, 23), ring(60, 56, 20), gem(60, 24, 11)],
  earrings: [
    line('M42 16c-6 0-6 9 0 9v8M78 16c-6 0-6 9 0 9v8'),
    ring(42, 36, 2.5),
    ring(78, 36, 2.5),
    gem(42, 48, 9),
    gem(78, 48, 9),
    line('M42 57l-5 9 5 9 5-9zM78 57l-5 9 5 9 5-9z'),
  ],
  necklace: [
    line('M20 10c4 34 22 48 40 48s36-14 40-48'),
    ring(38, 49, 1.8),
    ring(82, 49, 1.8),
    ring(48, 55, 1.8),
    ring(72, 55, 1.8),
    gem(60, 66, 10),
  ],
  bracelet: [
    { tag: 'ellipse', attributes: { cx: '60', cy: '47', rx: '38', ry: '24' } },
    { tag: 'ellipse', attributes: { cx: '60', cy: '47', rx: '33', ry: '19.5' } },
    gem(60, 68, 6),
    gem(42, 65, 4.5),
    gem(78, 65, 4.5),
  ],
};

/** The shapes of a category; a single stone for one that has no drawing. */
export function drawingOf(category: string): readonly Shape[] {
  return drawings[category] ?? [gem(60, 40, 20)];
}

/** How customers read a metal. */
export const metalNames: Readonly<Record<string, string>> = {
  '14k_yellow': '14k yellow gold',
  '14k_white': '14k white gold',
  '14k_rose': '14k rose gold',
  platinum: 'Platinum',
};
