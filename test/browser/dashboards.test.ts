import { randomBytes } from 'node:crypto';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/concierge/dashboard/role.ts';
import { dashboardVariables, fillDesk, tokens } from '../concierge/dashboard/desk.ts';
import { useWorld } from '../concierge/support/world.ts';
import { expectAccessible } from './support/axe.ts';
import { launch, skipReason } from './support/chromium.ts';

if (skipReason !== undefined) console.warn(`skipped: ${skipReason}`);

const pages = [
  '/dashboard/orders',
  '/dashboard/orders/GG-20005',
  '/dashboard/support/queue',
  '/dashboard/support/tickets/sty_000000000007',
  '/dashboard/support/capsules',
  '/dashboard/support/csat',
  '/dashboard/analytics/concierge?range=30d',
] as const;
const narrow: ReadonlySet<string> = new Set([pages[2], pages[3], pages[6]]);

describe.skipIf(skipReason !== undefined)('the dashboards in a browser', () => {
  const world = useWorld();
  let browser: Awaited<ReturnType<typeof launch>> | undefined;
  let url = '';
  beforeAll(async () => {
    if (skipReason !== undefined) return;
    browser = await launch();
    await fillDesk(world.db, world.events);
    url = (await world.start({ variables: dashboardVariables })).url;
  });
  afterEach(async () => {
    await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
  });
  afterAll(() => browser?.close());

  /** A page for a new visitor, with what it complained about. */
  async function visit(options: BrowserContextOptions = {}) {
    if (browser === undefined) throw new Error('used before the first test');
    const context = await browser.newContext({
      viewport: { width: 1280, height: 860 },
      extraHTTPHeaders: { 'x-forwarded-for': `10.${randomBytes(3).join('.')}` },
      ...options,
    });
    context.setDefaultTimeout(8_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) complaints.push(`asked ${request.url()}`);
    });
    return { page, complaints };
  }

  async function signIn(page: Page, role: Role, path = '/dashboard'): Promise<void> {
    await page.goto(`${url}/dashboard/login?next=${encodeURIComponent(path)}`);
    await page.getByLabel('Token').fill(tokens[role]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
  }

  const tooWide = (page: Page) =>
    page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');

  it.each(pages)('%s is accessible in light and dark, and fits 375 pixels', async (path) => {
    const { page, complaints } = await visit();
    await signIn(page, 'support_lead', path);
    await expectAccessible(page, 'html');
    await page.setViewportSize({ width: 375, height: 812 });
    expect(await tooWide(page)).toBe(0);
    // The list, the cards and the chart: what looks different when it is narrow.
    if (narrow.has(path)) await expectAccessible(page, 'html');
    expect(complaints).toEqual([]);
  });

  it('ask who it is, come back to the page, and forget after signing out', async () => {
    const { page } = await visit();
    await page.goto(`${url}/dashboard/orders?status=shipped`);
    await page.getByLabel('Token').fill('a token that nobody was given');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('does not open the dashboards').waitFor();
    await expectAccessible(page, 'html');
    await page.getByLabel('Token').fill(tokens.concierge_agent);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Orders' }).waitFor();
    expect(new URL(page.url()).search).toBe('?status=shipped');
    expect(await page.evaluate<string>('document.cookie')).toBe('');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    await page.goto(`${url}/dashboard/orders`);
    await page.getByLabel('Token').waitFor();
  });

  it('say to a viewer that single tickets are for others', async () => {
    const { page } = await visit();
    await signIn(page, 'viewer');
    expect(await page.getByRole('table').getByRole('link').count()).toBe(0);
    await page.goto(`${url}/dashboard/support/tickets/sty_000000000007`);
    await page.getByText('Sign in with another role').waitFor();
    await expectAccessible(page, 'html');
  });

  it('lead through long lists, from a row to its page, and back', async () => {
    const { page } = await visit();
    await signIn(page, 'admin', '/dashboard/orders?status=delivered');
    const first = await page.getByRole('rowheader').first().innerText();
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.getByRole('link', { name: 'Back to the first page' }).waitFor();
    expect(await page.getByRole('rowheader').first().innerText()).not.toBe(first);
    const statuses = await page.getByRole('row').locator('.pill').first().innerText();
    expect(statuses).toBe('Delivered');
    await page.getByRole('link', { name: 'Back to the first page' }).click();
    await page.getByRole('rowheader').getByText(first, { exact: true }).waitFor();
    await page.getByRole('link', { name: first, exact: true }).click();
    await page.getByRole('heading', { name: `Order ${first}` }).waitFor();
    await page.getByRole('link', { name: 'All orders' }).click();
    await page.getByRole('heading', { name: 'Orders', exact: true }).waitFor();
  });

  it('work with the keyboard alone', async () => {
    const { page } = await visit();
    await signIn(page, 'support_lead', '/dashboard/support/capsules');
    await page.keyboard.press('Tab');
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe(
      'Skip to the content',
    );
    await page.getByRole('link', { name: 'Ends within 12 h' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/capsules?within=12h');
    expect(await page.getByRole('rowheader').count()).toBe(4);
  });

  it('load themselves anew, unless somebody stops them', async () => {
    const { page } = await visit();
    await page.clock.install();
    await signIn(page, 'support_lead', '/dashboard/orders');
    const loads: string[] = [];
    page.on('load', () => loads.push(page.url()));
    const reloaded = page.waitForEvent('load');
    await page.clock.runFor(61_000);
    await reloaded;
    const box = page.getByLabel('Updates every minute');
    await box.uncheck();
    await page.clock.runFor(180_000);
    expect(loads).toHaveLength(1);
    await page.reload();
    expect(await box.isChecked()).toBe(false);
  });
});
