import { truncate, wrap } from './text.ts';
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

/** listr2 moves all lines but the first by two columns; together they stand under the title. */
const detailIndent = '     ';
const listrIndent = 2;
const signWidth = 2;

/** A detail line under a row: a painted sign and a text, cut to the width. */
export function detail(sign: string, text: string, { theme, width }: Canvas): string {
  const space = width - detailIndent.length - listrIndent - signWidth;
  return `${detailIndent}${sign} ${truncate(text.trimEnd(), space, theme.symbols.ellipsis)}`;
}

/** Text under a detail line, in as many lines as it takes. The label stands before the first. */
export function deeper(text: string, { width }: Canvas, label = ''): readonly string[] {
  const indent = detailIndent.length + signWidth;
  const space = width - indent - listrIndent - label.length;
  return wrap(text, space).map(
    (line, index) => ' '.repeat(indent) + (index === 0 ? label : ' '.repeat(label.length)) + line,
  );
}
