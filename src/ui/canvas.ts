import { oneLine, textWidth, truncate, wrap } from './text.ts';
import type { Theme } from './theme.ts';

/** What the views are drawn with. */
export interface Canvas {
  readonly theme: Theme;
  /** Columns that a line may take. */
  readonly width: number;
  /** How many lines the details of one running step may take. */
  readonly room: number;
  /** Now, milliseconds since the epoch, for what still runs. */
  readonly now: number;
  /** The present frame of the spinner, for what still runs. */
  readonly spin: string;
}

/** One row of a live list. */
export interface RowView {
  readonly status: 'waiting' | 'running' | 'done';
  /** The row itself with its sign, then its details. */
  readonly lines: readonly string[];
}

/** Details stand under the title of their row. */
const detailIndent = '       ';
const signWidth = 2;
const gap = '  ';

/** Columns that the text of a detail line may take. */
export function detailSpace({ width }: Canvas): number {
  return width - detailIndent.length - signWidth;
}

/** A detail line whose text is laid out and painted already. */
export function laidOut(sign: string, text: string): string {
  return `${detailIndent}${sign} ${text}`;
}

/** A detail line under a row: a painted sign, a text, and what was seen; cut to the width. */
export function detail(sign: string, text: string, canvas: Canvas, seen = ''): string {
  const { theme } = canvas;
  const { ellipsis } = theme.symbols;
  const space = detailSpace(canvas);
  const main = truncate(oneLine(text), space, ellipsis);
  const rest = truncate(oneLine(seen), space - textWidth(main) - gap.length, ellipsis);
  return `${detailIndent}${sign} ${main}${rest === '' ? '' : gap + theme.quiet(rest)}`;
}

/** Text under a detail line, in as many lines as it takes. The label stands before the first. */
export function deeper(text: string, { width }: Canvas, label = ''): readonly string[] {
  const indent = detailIndent + ' '.repeat(signWidth);
  const space = width - indent.length - label.length;
  return wrap(oneLine(text), space).map(
    (line, index) => indent + (index === 0 ? label : ' '.repeat(label.length)) + line,
  );
}
