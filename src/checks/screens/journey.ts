import type { EnvironmentName } from '../../base/environments.ts';
import type { BrowserPage, BrowserService, PageAct } from '../../services/browser/browser.ts';
import type { CheckContext } from '../kind.ts';
import { type Shopper, smokeOrder, valuesOf } from '../smoke/identity.ts';
import { fill } from '../smoke/template.ts';
import type { Shown, Sighting } from './assess.ts';
import { keepPicture } from './keep.ts';
import type { ScreenJourney, ScreensList } from './list.ts';

/** What all visits of a run share. */
export interface Visits {
  readonly environment: EnvironmentName;
  readonly list: ScreensList;
  readonly browser: BrowserService;
  readonly context: CheckContext;
  /** Where pictures are kept. */
  readonly directory: string;
}

/** An act in words, for whoever has to find out why it could not be done. Pure. */
export function actText(act: PageAct): string {
  if ('press' in act) return `no button "${act.press}"`;
  if ('pressNext' in act) return `no button that begins with "${act.pressNext}"`;
  if ('click' in act) return `nothing at "${act.click}"`;
  if ('check' in act) return `no choice "${act.check}"`;
  if ('fill' in act) return `no field "${act.fill}"`;
  return `no text "${act.see}"`;
}

/** The acts with what this visitor has put in. Pure. */
export function actsOf(journey: ScreenJourney, shopper: Shopper): readonly PageAct[] {
  return fill(journey.do, valuesOf(shopper)) as unknown as readonly PageAct[];
}

/** What one journey is about. */
export function shownOf(journey: ScreenJourney, { environment, list, context }: Visits): Shown {
  const address = context.environments[environment].origin + list.page;
  return { id: journey.id, title: journey.title, address };
}

/** Does one act after the other; tells the first that could not be done in time. */
async function walk(
  page: BrowserPage,
  acts: readonly PageAct[],
  { clock }: CheckContext,
  withinMs: number,
): Promise<string | null> {
  const until = clock.now() + withinMs;
  for (const act of acts) {
    const left = until - clock.now();
    if (left <= 0 || !(await page.act(act, left))) return `${actText(act)} in time`;
  }
  return null;
}

/** Walks one journey through the real widget as a fresh visitor. BROWSER_FAILED, SERVICE_*, STORE_FAILED. */
export async function playJourney(
  journey: ScreenJourney,
  shopper: Shopper,
  visits: Visits,
): Promise<Sighting> {
  const { environment, list, browser, context, directory } = visits;
  if (shopper.orderNumber !== null) {
    const database = await context.services.database();
    const order = smokeOrder(shopper, context.clock.now());
    await database.insertOrder(environment, order, context.signal);
  }
  const { address } = shownOf(journey, visits);
  const { origin } = context.environments[environment];
  const cookie = { name: list.sessionCookie, value: shopper.sessionId, origin };
  const page = await browser.visit([cookie], context.signal);
  try {
    const status = await page.open(address, list.within);
    const missing =
      status === 200
        ? await walk(page, actsOf(journey, shopper), context, list.within)
        : `${address} answered ${status}`;
    const picture = await keepPicture(directory, journey.id, await page.picture());
    return { picture, builds: page.builds(), missing };
  } finally {
    await page.close();
  }
}
