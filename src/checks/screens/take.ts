import { join } from 'node:path';
import type { EnvironmentName } from '../../base/environments.ts';
import type { CheckResult } from '../check.ts';
import type { CheckContext } from '../kind.ts';
import { type Shopper, shopper } from '../smoke/identity.ts';
import { placeholdersIn } from '../smoke/template.ts';
import { cleanUpAfter } from '../smoke/traces.ts';
import { attempt, unmeasured } from '../unmeasured.ts';
import { assessScreen, describeScreen } from './assess.ts';
import { dashboardScreens } from './dashboards.ts';
import { atOnce, inTurns } from './in-turns.ts';
import { playJourney, shownOf, type Visits } from './journey.ts';
import { readScreensList, type ScreenJourney } from './list.ts';

/** Everything that a run of screenshots gave. */
export interface Screens {
  readonly results: readonly CheckResult[];
  /** What there is no screenshot of although there could be, in words. */
  readonly left: readonly string[];
}

async function journeyScreen(
  journey: ScreenJourney,
  visitor: Shopper,
  visits: Visits,
): Promise<CheckResult> {
  const { environment, context } = visits;
  const shown = shownOf(journey, visits);
  const seen = await attempt(context.signal, () => playJourney(journey, visitor, visits));
  return 'error' in seen
    ? unmeasured(describeScreen(environment, shown), seen.error)
    : assessScreen(environment, shown, seen.value);
}

async function visitAll(visits: Visits): Promise<Screens> {
  const { environment, list, context } = visits;
  const played = list.journeys.map((journey) => ({
    journey,
    visitor: shopper(placeholdersIn(journey.do).has('orderNumber')),
  }));
  const results: CheckResult[] = [];
  const left: string[] = [];
  let traces: readonly CheckResult[] = [];
  try {
    const seen = await inTurns(played, atOnce, ({ journey, visitor }) =>
      journeyScreen(journey, visitor, visits),
    );
    results.push(...seen);
    const { viewerToken } = context.environments[environment];
    // After the journeys: what they asked for can be seen in the queue.
    if (list.dashboards !== undefined && viewerToken !== undefined) {
      results.push(...(await dashboardScreens(list.dashboards, viewerToken, visits)));
    } else if (list.dashboards !== undefined) {
      left.push(`the dashboards (environments.${environment}.viewer names no token)`);
    }
  } finally {
    const visitors = played.map(({ visitor }) => visitor);
    traces = await cleanUpAfter({ id: `screens/${environment}`, environment }, visitors, context);
  }
  return { results: [...results, ...traces], left };
}

/**
 * Shows the widget and the dashboards of an environment in a real browser and keeps what is seen.
 * BROWSER_MISSING or BROWSER_FAILED where there is none; PLAN_INVALID.
 */
export async function takeScreens(
  { environment, list: name }: { readonly environment: EnvironmentName; readonly list: string },
  context: CheckContext,
): Promise<Screens> {
  const list = await readScreensList(context.checklists, name);
  const browser = await context.services.browser();
  const directory = context.evidence ?? join(context.stateDirectory, 'screens');
  try {
    return await visitAll({ environment, list, browser, context, directory });
  } finally {
    await browser.close();
  }
}
