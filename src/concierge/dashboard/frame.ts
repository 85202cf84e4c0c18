import { type Html, html, raw } from './html.ts';
import { roleNames } from './role.ts';
import { refreshScript } from './script.ts';
import { dashboardStyle } from './style.ts';
import type { Viewer } from './viewer.ts';
import { utc } from './words.ts';

/** What a page brings into the frame. */
export interface Page {
  readonly title: string;
  /** A form or a word: not the whole width. */
  readonly narrow?: boolean;
  /** One sentence under the title. */
  readonly lede?: string;
  readonly body: Html;
  /** Makes the page load itself anew after so many seconds. */
  readonly refreshSeconds?: number;
}

const places: readonly (readonly [path: string, title: string])[] = [
  ['/dashboard/orders', 'Orders'],
  ['/dashboard/support/queue', 'Queue'],
  ['/dashboard/support/capsules', 'Capsules'],
  ['/dashboard/support/csat', 'Feedback'],
  ['/dashboard/analytics/concierge', 'Analytics'],
];

/** The whole page. */
export function framed(viewer: Viewer, page: Page): string {
  const { nonce } = viewer;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${page.title} – GlowGlitch concierge</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${raw(dashboardStyle)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${top(viewer)}
<main id="main"${page.narrow === true && html` class="narrow"`}>
<div class="title">
<div>
<h1>${page.title}</h1>
${page.lede !== undefined && html`<p class="lede">${page.lede}</p>`}
</div>
${page.refreshSeconds !== undefined && refresh(page.refreshSeconds)}
</div>
${page.body}
</main>
${foot(viewer)}
${page.refreshSeconds !== undefined && html`<script nonce="${nonce}">${raw(refreshScript)}</script>`}
</body>
</html>
`.text;
}

function top({ role, address }: Viewer): Html {
  return html`<header class="top">
<p class="mark">GlowGlitch <span>Concierge</span></p>
${
  role !== null &&
  html`<nav aria-label="Dashboards"><ul>${places.map(([path, title]) => {
    const here = placeOf(address).startsWith(path);
    return html`<li><a href="${path}"${here && html` aria-current="page"`}>${title}</a></li>`;
  })}</ul></nav>
<form class="who" method="post" action="/dashboard/logout"><span>${roleNames[role]}</span>
<button type="submit">Sign out</button></form>`
}
</header>`;
}

/** The list that a page belongs to: a ticket belongs to the queue. */
function placeOf(address: string): string {
  return address.replace(/^\/dashboard\/support\/tickets\b/, '/dashboard/support/queue');
}

/** A person can stop the page from changing under them. Hidden where no script runs. */
function refresh(seconds: number): Html {
  const minutes = seconds / 60;
  const every = minutes === 1 ? 'minute' : `${minutes} min`;
  return html`<label class="refresh" hidden><input type="checkbox" id="refresh" data-seconds="${seconds}" checked>
Updates every ${every}</label>`;
}

function foot({ environment, slot, build, requestId, now }: Viewer): Html {
  const facts: readonly (readonly [string, string])[] = [
    ['Made', `${utc(new Date(now))} UTC`],
    ['Environment', `${environment}, slot ${slot}`],
    ['Build', build.slice(0, 12)],
    ['Request', requestId],
  ];
  return html`<footer><dl>${facts.map(
    ([term, fact]) => html`<div><dt>${term}</dt><dd>${fact}</dd></div>`,
  )}</dl></footer>`;
}
