import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Identity } from '../../../src/concierge/identity.ts';
import { readSettings } from '../../../src/concierge/settings.ts';
import { type RunningConcierge, startConcierge } from '../../../src/concierge/start.ts';
import { createLog } from '../../../src/concierge/telemetry/log.ts';
import { useWorld, type World } from '../../concierge/support/world.ts';
import { widgetOf } from './bundle.ts';
import { launch, skipReason } from './chromium.ts';

/** A page of the demo shop with what the tests look at. */
export interface Visit {
  readonly page: Page;
  readonly dialog: Locator;
  /** What the page complained about: errors, and what its policy refused. */
  readonly complaints: string[];
  /** The session that this page was given. */
  session(): Promise<string>;
}

export interface Shop {
  readonly world: World;
  readonly browser: Browser;
  readonly url: string;
  /** Opens the shop for a new visitor; the widget stays closed. */
  visit(options?: BrowserContextOptions & { readonly base?: string }): Promise<Visit>;
  /** Starts another concierge with the same widget. */
  start(variables?: Record<string, string>): Promise<RunningConcierge>;
}

/** The real widget on the real demo page of a real concierge, with its data. */
export function useShop(): Shop {
  const world = useWorld();
  const running: RunningConcierge[] = [];
  let widget: Identity['widget'] = { digest: '', content: Buffer.alloc(0) };
  let browser: Browser | undefined;
  let url = '';
  const known = (): Browser => {
    if (browser === undefined) throw new Error('used before the first test');
    return browser;
  };
  const start = async (variables: Record<string, string> = {}) => {
    const settings = readSettings(world.variables(variables));
    const identity = { build: 'b'.repeat(64), widget };
    const log = createLog(identity.build, nowhere());
    const concierge = await startConcierge({ settings, identity, log });
    running.push(concierge);
    return concierge;
  };
  beforeAll(async () => {
    if (skipReason !== undefined) return;
    [browser, widget] = await Promise.all([launch(), widgetOf('1.4.0')]);
    url = (await start()).url;
  });
  afterEach(async () => {
    await Promise.all(browser?.contexts().map((context) => context.close()) ?? []);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all(running.map((concierge) => concierge.close()));
  });
  return {
    world,
    get browser() {
      return known();
    },
    get url() {
      return url;
    },
    start,
    visit: ({ base, ...options } = {}) => visit(known(), base ?? url, options),
  };
}

async function visit(
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    reducedMotion: 'reduce',
    // An address of its own each time: the limits are another test's business.
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
  await page.goto(`${url}/demo`);
  const session = () => page.evaluate<string>('document.documentElement.dataset.auroraSession');
  return { page, dialog: page.getByRole('dialog'), complaints, session };
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
