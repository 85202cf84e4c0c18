/** A text that must not break a table row, nor be taken for markup by accident. */
export function cell(text: string): string {
  return inline(text).replaceAll('|', '\\|');
}

/**
 * A text on one line, without HTML, links or code of its own. Only what would be taken for markup is
 * escaped: the raw text is read too.
 */
export function inline(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/^>/, '&gt;')
    .replace(/[[`\\]/g, '\\$&');
}

/** A value as code, whatever it holds: the fence is longer than any run of backticks in it. */
export function code(text: string): string {
  const flat = text.replace(/\p{Cc}+/gu, ' ');
  if (flat.trim() === '') return '-';
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map((run) => run[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = flat.startsWith('`') || flat.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${flat}${pad}${fence}`;
}

/** A value as code inside a table, where even code must escape its pipes. */
export function codeCell(text: string): string {
  return code(text).replaceAll('|', '\\|');
}

/** Longer cells are not padded for: one of them must not blow up every row. */
const widestPad = 72;

/** A table, padded so that it reads well as raw text too. Cells must be escaped already. */
export function markdownTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = headers.map((header, index) =>
    Math.min(
      widestPad,
      Math.max(3, header.length, ...rows.map((row) => (row[index] ?? '').length)),
    ),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, index) => (cells[index] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(headers), rule, ...rows.map(line)].join('\n');
}

/** A part that is folded away until somebody wants it. */
export function details(summary: string, body: string): string {
  return `<details>\n<summary>${inline(summary)}</summary>\n\n${body}\n\n</details>`;
}

/** A text quoted as it is, line by line. */
export function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n');
}

/** Parts of a document with one empty line between them; empty parts are left out. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join('\n\n');
}
