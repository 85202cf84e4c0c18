import { padEnd, padStart, textWidth, truncate, wrap } from './text.ts';
import type { Paint } from './theme.ts';

/** One cell: a text, painted after it was laid out. */
export type Cell = string | { readonly text: string; readonly paint: Paint };

/** One column of a table. */
export interface Column {
  readonly header: string;
  readonly align?: 'left' | 'right';
  /** A flexible column gives way when the table is too wide: it wraps, or is cut. */
  readonly flexible?: 'wrap' | 'truncate';
}

/** How a table is laid out. */
export interface TableOptions {
  /** Columns of the screen; undefined in a pipe, where nothing is ever cut. */
  readonly width?: number | undefined;
  readonly header?: Paint;
  readonly ellipsis?: string;
  readonly indent?: number;
}

const gap = 2;
/** No flexible column gets narrower than this. */
const least = 12;

const textOf = (cell: Cell) => (typeof cell === 'string' ? cell : cell.text);
const paintOf = (cell: Cell): Paint => (typeof cell === 'string' ? (text) => text : cell.paint);

/** An aligned table as lines, without borders. Rows may have fewer cells than columns. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions = {},
): readonly string[] {
  const indent = options.indent ?? 0;
  const widths = columnWidths(
    columns,
    rows,
    options.width === undefined ? undefined : options.width - indent,
  );
  const layout = (cells: readonly Cell[]) =>
    layoutRow(columns, widths, cells, options.ellipsis ?? '...').map(
      (line) => ' '.repeat(indent) + line,
    );
  const titled = columns.some((column) => column.header !== '');
  const paint = options.header ?? ((text: string) => text);
  const head = titled ? layout(columns.map(({ header }) => ({ text: header, paint }))) : [];
  return [...head, ...rows.flatMap(layout)];
}

/** Natural widths, with the flexible columns narrowed (widest first) until the table fits. */
function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  available: number | undefined,
): readonly number[] {
  const widths = columns.map((column, index) =>
    Math.max(textWidth(column.header), ...rows.map((row) => textWidth(textOf(row[index] ?? '')))),
  );
  if (available === undefined) return widths;
  let excess = widths.reduce((sum, width) => sum + width + gap, -gap) - available;
  while (excess > 0) {
    const widest = widestFlexible(columns, widths);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function widestFlexible(columns: readonly Column[], widths: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const [index, column] of columns.entries()) {
    const width = widths[index] ?? 0;
    if (column.flexible === undefined || width <= least) continue;
    if (found === undefined || width > (widths[found] ?? 0)) found = index;
  }
  return found;
}

function layoutRow(
  columns: readonly Column[],
  widths: readonly number[],
  cells: readonly Cell[],
  ellipsis: string,
): readonly string[] {
  const blocks = columns.map((column, index) => {
    const text = textOf(cells[index] ?? '');
    const width = widths[index] ?? 0;
    if (textWidth(text) <= width) return [text];
    return column.flexible === 'wrap' ? wrap(text, width) : [truncate(text, width, ellipsis)];
  });
  const height = Math.max(...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((column, index) => {
        const text = blocks[index]?.[line] ?? '';
        const pad = column.align === 'right' ? padStart : padEnd;
        const padded = pad(text, widths[index] ?? 0);
        const paint = paintOf(cells[index] ?? '');
        // Only the words are painted: an underlined or inverted gap would look like a word.
        return text === '' ? padded : padded.replace(text, () => paint(text));
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}
