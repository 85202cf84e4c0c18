import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

// The libraries look at every grapheme; most texts are plain ASCII and fit, and a live list is laid
// out ten times a second.
const plain = /^[\u0020-\u007e]*$/;

/** Columns that a text takes on a screen; colours take none. */
export function textWidth(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text);
}

/** The text filled with spaces to `width` columns. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** The text filled with spaces from the left, for numbers. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

const graphemes = new Intl.Segmenter();

/** The text, without colours, cut to `width` columns, with `ellipsis` where it was cut. */
export function truncate(text: string, width: number, ellipsis: string): string {
  if (width <= 0) return '';
  if (textWidth(text) <= width) return text;
  if (width <= textWidth(ellipsis)) return ellipsis.slice(0, width);
  if (plain.test(text)) return text.slice(0, width - textWidth(ellipsis)) + ellipsis;
  const space = width - textWidth(ellipsis);
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (textWidth(kept + segment) > space) break;
    kept += segment;
  }
  return kept + ellipsis;
}

/** The text in lines of at most `width` columns; words are kept whole where they fit. */
export function wrap(text: string, width: number): readonly string[] {
  if (textWidth(text) <= width && !text.includes('\n')) return [text];
  return wrapAnsi(text, Math.max(1, width), { hard: true, trim: true }).split('\n');
}

/** Texts may hold what a server said: its line breaks and control characters must not move ours. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
