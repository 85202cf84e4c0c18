import { type Html, html, type Part } from './html.ts';

/** A column of a table: on a narrow screen each cell carries its title. */
export interface Column<T> {
  readonly title: string;
  cell(item: T): Part;
  /** `number`: aligned at the right. `lead`: names the row. */
  readonly kind?: 'number' | 'lead';
}

/** A table that becomes a list of cards on a narrow screen. `mark` singles rows out. */
export function table<T>(
  caption: string,
  columns: readonly Column<T>[],
  items: readonly T[],
  mark: (item: T) => 'urgent' | 'soon' | null = () => null,
): Html {
  return html`<div class="sheet"><table role="table">
<caption class="unseen">${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(
    ({ title, kind }) =>
      html`<th role="columnheader" scope="col"${kind && html` class="${kind}"`}>${title}</th>`,
  )}</tr></thead>
<tbody role="rowgroup">${items.map((item) => {
    const marked = mark(item);
    return html`<tr role="row"${marked && html` class="${marked}"`}>${columns.map((column) => cellOf(column, item))}</tr>
`;
  })}</tbody>
</table></div>`;
}

function cellOf<T>({ title, kind, cell }: Column<T>, item: T): Html {
  const content = html`<span class="label" aria-hidden="true">${title}</span><span class="cell">${cell(item)}</span>`;
  return kind === 'lead'
    ? html`<th role="rowheader" scope="row" class="lead">${content}</th>`
    : html`<td role="cell"${kind && html` class="${kind}"`}>${content}</td>`;
}

/** What stands in place of a table that would be empty. */
export function nothing(title: string, text: string): Html {
  return html`<div class="empty"><h2>${title}</h2><p>${text}</p></div>`;
}

/** A filter: links, of which one is chosen. */
export function filter(
  label: string,
  options: readonly { readonly title: string; readonly href: string; readonly chosen: boolean }[],
): Html {
  return html`<nav class="filter" aria-label="${label}"><ul>${options.map(
    ({ title, href, chosen }) =>
      html`<li><a href="${href}"${chosen && html` aria-current="true"`}>${title}</a></li>`,
  )}</ul></nav>`;
}

/** The way through a long list: on, and back to its beginning. */
export function pager(address: string, shown: number, next: string | null): Html {
  const first = addressWith(address, null);
  const later = new URL(address, 'http://here').searchParams.has('cursor');
  if (next === null && !later) return html`<p class="count">${shown} shown, all there are.</p>`;
  return html`<nav class="pager" aria-label="Pages">
<p class="count">${shown} on this page.</p>
<ul>${later && html`<li><a href="${first}">Back to the first page</a></li>`}
${next !== null && html`<li><a rel="next" href="${addressWith(address, next)}">Next page</a></li>`}</ul></nav>`;
}

function addressWith(address: string, cursor: string | null): string {
  const url = new URL(address, 'http://here');
  if (cursor === null) url.searchParams.delete('cursor');
  else url.searchParams.set('cursor', cursor);
  return url.pathname + url.search;
}

/** Facts about one thing, a term and a value each. Null values are left out. */
export function facts(entries: readonly (readonly [string, Part])[]): Html {
  const known = entries.filter(([, value]) => value !== null && value !== undefined);
  return html`<dl class="facts">${known.map(
    ([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}

/** A word in a small frame. */
export function pill(text: string, tone: 'plain' | 'good' | 'bad' | 'warn' = 'plain'): Html {
  return html`<span class="pill ${tone}">${text}</span>`;
}
