import { type Range, type Report, ranges, type Totals } from '../analytics/report.ts';
import { bars, daysChart } from '../charts.ts';
import type { Page } from '../frame.ts';
import { type Html, html } from '../html.ts';
import { filter, nothing, table } from '../table.ts';
import type { Viewer } from '../viewer.ts';
import { count, plain, share } from '../words.ts';

/** What customers did with the concierge over some days. */
export function analyticsPage(viewer: Viewer, report: Report): Page {
  const path = '/dashboard/analytics/concierge';
  const options = (Object.keys(ranges) as Range[]).map((range) => ({
    title: `${ranges[range]} days`,
    href: `${path}?range=${range}`,
    chosen: range === report.range,
  }));
  const quiet = report.totals.sessions === 0 && report.totals.ratings === 0;
  return {
    title: 'Analytics',
    lede: `The last ${ranges[report.range]} days in ${viewer.environment}, today included. Days are in UTC.`,
    refreshSeconds: 120,
    body: html`${filter('Range', options)}
${
  quiet
    ? nothing('Nothing happened yet', 'No customer has used the concierge in these days.')
    : html`${viewer.rights.totals && sums(report.totals)}<div class="grid">${sections(report)}</div>`
}`,
  };
}

function sums(totals: Totals): Html {
  const { sessions, productsShown, capsulesReserved, shortlisted, ratings, meanScore } = totals;
  const figures: readonly (readonly [string, string, string?])[] = [
    ['Sessions', count(sessions)],
    ['Opened', count(totals.widgetOpens)],
    ['Searches', count(productsShown)],
    ['Shortlisted', count(shortlisted), `${share(shortlisted, productsShown)} of searches`],
    ['Capsules', count(capsulesReserved), `${share(capsulesReserved, productsShown)} of searches`],
    ['Orders followed', count(totals.ordersTracked)],
    ['Returns', count(totals.returnsInitiated)],
    ['Tickets', count(totals.ticketsCreated)],
    [
      'Mean rating',
      meanScore === null ? '–' : meanScore.toFixed(2),
      `of 5, from ${count(ratings)} ratings`,
    ],
  ];
  return html`<dl class="sums">${figures.map(
    ([term, figure, more]) =>
      html`<div><dt>${term}</dt><dd>${figure}${more !== undefined && html`<small>${more}</small>`}</dd></div>`,
  )}</dl>`;
}

function sections(report: Report): Html {
  const rated = report.csat.reduce((all, { ratings }) => all + ratings, 0);
  return html`<section class="card full"><h2>Day by day</h2>${series(report)}</section>
${report.funnel.map(
  ({ title, steps }) =>
    html`<section class="card"><h2>${title}</h2>${bars(
      steps.map((step) => ({ title: step.title, value: step.sessions })),
      steps[0]?.sessions ?? 0,
    )}</section>`,
)}
<section class="card"><h2>What it was about</h2>${
    report.intents.length === 0
      ? html`<p class="quiet">No intent was seen.</p>`
      : bars(
          report.intents.map(({ intent, sessions }) => ({ title: plain(intent), value: sessions })),
        )
  }</section>
<section class="card"><h2>Ratings</h2>${
    rated === 0
      ? html`<p class="quiet">Nobody has rated in these days.</p>`
      : bars(
          report.csat
            .toReversed()
            .map(({ score, ratings }) => ({ title: `${score} of 5`, value: ratings })),
          rated,
        )
  }</section>
<section class="card"><h2>Shortlisted most</h2>${
    report.topShortlisted.length === 0
      ? html`<p class="quiet">Nothing was shortlisted.</p>`
      : bars(report.topShortlisted.map(({ name, times }) => ({ title: name, value: times })))
  }</section>`;
}

function series({ series }: Report): Html {
  const days = series.map(({ day, sessions, productsShown }) => ({
    day,
    bar: sessions,
    line: productsShown,
  }));
  return html`${daysChart('Sessions and answered searches for each day', { bar: 'Sessions', line: 'Searches answered' }, days)}
<details><summary>The numbers</summary>${table(
    'Day by day',
    [
      { title: 'Day', kind: 'lead', cell: ({ day }) => day },
      { title: 'Sessions', kind: 'number', cell: ({ sessions }) => count(sessions) },
      { title: 'Searches', kind: 'number', cell: ({ productsShown }) => count(productsShown) },
      {
        title: 'Capsules',
        kind: 'number',
        cell: ({ capsulesReserved }) => count(capsulesReserved),
      },
      { title: 'Ratings', kind: 'number', cell: ({ ratings }) => count(ratings) },
    ],
    series.toReversed(),
  )}</details>`;
}
