import type { ProductCard } from '../catalogue/cards.ts';
import { escaped } from '../escaped.ts';
import { drawingOf, metalNames } from '../widget/art.ts';

/** What the page shows besides the shop: what a product manager is looking at. */
export interface DemoFacts {
  readonly pieces: readonly ProductCard[];
  readonly build: string;
  readonly environment: string;
  readonly slot: string;
  /** Whether the widget is shown to this visitor, and why. */
  readonly widget: string;
  readonly stubs: boolean;
}

/** A small shop with the widget on it. Everything that comes from elsewhere is escaped. */
export function demoPage(facts: DemoFacts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>GlowGlitch - fine jewellery</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/demo/style.css">
<script src="/widget.js" defer></script>
</head>
<body>
<header class="top">
<p class="mark">GlowGlitch</p>
<p class="aside">Fine jewellery, made to order</p>
</header>
<main>
<section class="hero">
<div>
<h1>Light, held still.</h1>
<p>Lab-grown stones and recycled gold, set by hand in our workshop. Ask the concierge: it finds a
piece, follows your order, and brings a stylist when you want one.</p>
</div>
${drawing('necklace', '14k_yellow')}
</section>
<section aria-labelledby="collection">
<h2 id="collection">The collection</h2>
<ul class="pieces">
${facts.pieces.map(piece).join('\n')}
</ul>
</section>
</main>
<footer class="facts" aria-label="About this page">
<h2>What you are looking at</h2>
<dl>
${rows(facts)}
</dl>
<p><a href="/api/health?check=widget">Why the widget shows, or does not</a></p>
</footer>
</body>
</html>
`;
}

function rows({ build, environment, slot, widget, stubs }: DemoFacts): string {
  const facts: readonly (readonly [string, string])[] = [
    ['Environment', `${environment}, slot ${slot}`],
    ['Build', build.slice(0, 12)],
    ['Widget', widget],
    ['Data', stubs ? 'samples: stub mode is on' : 'live'],
  ];
  return facts
    .map(([term, fact]) => `<div><dt>${term}</dt><dd>${escaped(fact)}</dd></div>`)
    .join('\n');
}

function piece({
  name,
  price,
  currency,
  category = '',
  metal = '',
  specLine,
}: ProductCard): string {
  const format = { style: 'currency', currency, maximumFractionDigits: 0 } as const;
  const shown = new Intl.NumberFormat('en-US', format).format(price);
  const line = [specLine, metalNames[metal]].filter((one) => one !== undefined).join(' · ');
  return `<li>
${drawing(category, metal)}
<h3>${escaped(name)}</h3>
<p class="quiet">${escaped(line)}</p>
<p>${escaped(shown)}</p>
</li>`;
}

/** A drawing without a name: the heading beside it says what it is. */
function drawing(category: string, metal: string): string {
  const shapes = drawingOf(category).map(({ tag, attributes }) => {
    const written = Object.entries(attributes).map(([name, value]) => `${name}="${value}"`);
    return `<${tag} ${written.join(' ')}/>`;
  });
  const colour = escaped(metal);
  return `<svg viewBox="0 0 120 90" aria-hidden="true" data-metal="${colour}">${shapes.join('')}</svg>`;
}
