import { createRequire } from 'node:module';

// The libraries look at every grapheme, and their tables take longer to load than all the rest of
// `aurora status`. Most texts are plain: one column for each character. The others load them, in the
// middle of a layout that cannot wait, which Node can do with `require`.
const require = createRequire(import.meta.url);

type StringWidth = typeof import('string-width');
type WrapAnsi = typeof import('wrap-ansi');

/** ASCII, Latin-1, and what aurora's own symbols are made of: all of them one column wide. */
const plain = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u00ff–—…→↩✔✖◆▸─▁-█░\u2800-\u28ff]*$/;

/** Columns that a text takes on a screen; colours take none. */
export function textWidth(text: string): number {
  if (plain.test(text)) return text.length;
  const { default: stringWidth } = require('string-width') as StringWidth;
  return stringWidth(text);
}

/** The text filled with spaces to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** The text filled with spaces from the left, for numbers. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/** The text, without colours, cut to `width` columns, with `ellipsis` where it was cut. */
export function truncate(text: string, width: number, ellipsis: string): string {
  if (width <= 0) return '';
  if (textWidth(text) <= width) return text;
  if (width <= textWidth(ellipsis)) return ellipsis.slice(0, width);
  if (plain.test(text)) return text.slice(0, width - textWidth(ellipsis)) + ellipsis;
  const space = width - textWidth(ellipsis);
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (textWidth(kept + segment) > space) break;
    kept += segment;
  }
  return kept + ellipsis;
}

/** The text in lines of at most `width` columns; words are kept whole where they fit. */
export function wrap(text: string, width: number): readonly string[] {
  if (textWidth(text) <= width && !text.includes('\n')) return [text];
  const { default: wrapAnsi } = require('wrap-ansi') as WrapAnsi;
  return wrapAnsi(text, Math.max(1, width), { hard: true, trim: true }).split('\n');
}

/** Texts may hold what a server said: its line breaks and control characters must not move ours. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
