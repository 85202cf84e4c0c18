import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

interface Found {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** Looks at the widget (or all of the page) as it is now, in light and dark, and expects nothing to be wrong. */
export async function expectAccessible(page: Page, what = 'aurora-concierge'): Promise<void> {
  const there = await page.evaluate('typeof globalThis.axe');
  if (there === 'undefined') await page.evaluate(axe.source);
  const wrong = await violations(page, what, {});
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  const inTheDark = await violations(page, what, { runOnly: ['color-contrast'] });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  expect([...wrong, ...inTheDark]).toEqual([]);
}

async function violations(page: Page, what: string, options: object): Promise<string[]> {
  const found = await page.evaluate<Found[]>(
    `axe.run(${JSON.stringify(what)}, ${JSON.stringify({ resultTypes: ['violations'], ...options })}).then((r) => r.violations)`,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}
