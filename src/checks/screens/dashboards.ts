import { AuroraError } from '../../base/errors.ts';
import { Secret } from '../../base/secret.ts';
import type { VisitorCookie } from '../../services/browser/browser.ts';
import { http } from '../../services/http/request.ts';
import type { CheckResult } from '../check.ts';
import { attempt, unmeasured } from '../unmeasured.ts';
import { assessScreen, describeScreen, type Shown, type Sighting } from './assess.ts';
import { atOnce, inTurns } from './in-turns.ts';
import type { Visits } from './journey.ts';
import { keepPicture } from './keep.ts';
import type { ScreenDashboards } from './list.ts';

/** The first `name=value` of a Set-Cookie header; null when it is none. Pure. */
export function cookieOf(header: string | undefined): { name: string; value: string } | null {
  const [, name, value] = /^\s*([^=;\s]+)=([^;]*)/.exec(header ?? '') ?? [];
  return name === undefined || value === undefined || value === '' ? null : { name, value };
}

/**
 * Signs in as a viewer. The token goes into the body of one request and never into the browser: no
 * address, page or picture can hold it. SERVICE_*, CREDENTIAL_MISSING.
 */
async function signIn(
  { login, field }: ScreenDashboards,
  token: Secret,
  { environment, context }: Visits,
): Promise<VisitorCookie> {
  const { origin, dispatcher } = context.environments[environment];
  const url = origin + login;
  const body = new URLSearchParams({ [field]: token.reveal() }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const request = { method: 'POST', url, headers, body, dispatcher } as const;
  const answer = await http(request, context.signal);
  const cookie = answer.status === 303 ? cookieOf(answer.headers['set-cookie']) : null;
  if (cookie === null) {
    throw new AuroraError('SERVICE_REFUSED', `signing in was answered ${answer.status}`, {
      where: `POST ${url}`,
      remedy: `Check the token that environments.${environment}.viewer refers to.`,
    });
  }
  // Whoever has it is signed in: it is redacted wherever it would be written.
  const session = new Secret(cookie.value, url);
  return { name: cookie.name, value: session.reveal(), origin };
}

async function lookAt(shown: Shown, cookie: VisitorCookie, visits: Visits): Promise<Sighting> {
  const { browser, context, list, directory } = visits;
  const page = await browser.visit([cookie], context.signal);
  try {
    const status = await page.open(shown.address, list.within);
    const missing = status === 200 ? null : `${shown.address} answered ${status}`;
    const picture = await keepPicture(directory, shown.id, await page.picture({ whole: true }));
    return { picture, builds: page.builds(), missing };
  } finally {
    await page.close();
  }
}

/** The dashboards as somebody sees them who may only look. */
export async function dashboardScreens(
  dashboards: ScreenDashboards,
  token: () => Promise<Secret>,
  visits: Visits,
): Promise<readonly CheckResult[]> {
  const { environment, context } = visits;
  const { origin } = context.environments[environment];
  const shown = dashboards.pages.map(({ id, title, path }) => ({
    ...{ id, title },
    address: origin + path,
  }));
  const entered = await attempt(context.signal, async () =>
    signIn(dashboards, await token(), visits),
  );
  if ('error' in entered) {
    return shown.map((one) => unmeasured(describeScreen(environment, one), entered.error));
  }
  return inTurns(shown, atOnce, async (one) => {
    const seen = await attempt(context.signal, () => lookAt(one, entered.value, visits));
    return 'error' in seen
      ? unmeasured(describeScreen(environment, one), seen.error)
      : assessScreen(environment, one, seen.value);
  });
}
