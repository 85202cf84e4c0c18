import { type Html, html } from './html.ts';
import { count, share } from './words.ts';

/** A day of a chart: bars, and a line over them. */
export interface ChartDay {
  readonly day: string;
  readonly bar: number;
  readonly line: number;
}

const width = 720;
const height = 180;

/** Bars and a line over the days. Drawn for the eye; the table beside it holds the numbers. */
export function daysChart(
  title: string,
  names: { readonly bar: string; readonly line: string },
  days: readonly ChartDay[],
): Html {
  const highest = Math.max(1, ...days.flatMap(({ bar, line }) => [bar, line]));
  const step = width / Math.max(1, days.length);
  const y = (value: number) => rounded(height - (value / highest) * height);
  const points = days.map(({ line }, n) => `${rounded((n + 0.5) * step)},${y(line)}`).join(' ');
  const gap = Math.min(4, step * 0.25);
  return html`<div class="chart">
<p class="legend"><span><i></i>${names.bar}</span><span><i class="stroke"></i>${names.line}</span>
<span>highest ${count(highest)}</span></p>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
<line class="axis" x1="0" x2="${width}" y1="${height}" y2="${height}"/>
<line class="axis" x1="0" x2="${width}" y1="0" y2="0"/>
${days.map(
  ({ bar }, n) =>
    html`<rect class="bar" x="${rounded(n * step + gap / 2)}" y="${y(bar)}" width="${rounded(step - gap)}" height="${rounded((bar / highest) * height)}"/>`,
)}
<polyline class="line" points="${points}"/>
</svg>
<p class="ends"><span>${days[0]?.day}</span><span>${days.at(-1)?.day}</span></p>
</div>`;
}

/** A list of bars, each with its number; with a `whole`, its share too. */
export function bars(
  entries: readonly { readonly title: string; readonly value: number }[],
  whole?: number,
): Html {
  const highest = Math.max(1, whole ?? 0, ...entries.map(({ value }) => value));
  return html`<ol class="bars">${entries.map(
    ({ title, value }) => html`<li><span>${title}</span>
<span class="value">${count(value)}${whole !== undefined && html`<small>${share(value, whole)}</small>`}</span>
<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect width="${rounded((value / highest) * 100)}" height="1"/></svg></li>`,
  )}</ol>`;
}

const rounded = (value: number) => Math.round(value * 100) / 100;
