import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuroraError } from '../../../src/base/errors.ts';
import { Secret } from '../../../src/base/secret.ts';
import type { CheckContext } from '../../../src/checks/kind.ts';
import { links } from '../../../src/checks/links.ts';
import { screensList } from '../../../src/checks/screens/list.ts';
import { screens } from '../../../src/checks/screens/screens.ts';
import { screenLines } from '../../../src/report/screens.ts';
import type { BrowserService } from '../../../src/services/browser/browser.ts';
import { contextWith, environmentWith, someServices } from '../support/context.ts';
import { MemoryDatabase } from '../support/memory.ts';
import { type Bend, PaperBrowser } from './browser.ts';

const token = 'dash_viewer_0123456789abcdef';
const cookie = 'v1.signed-session-of-a-viewer';
const strict = { environment: 'staging', list: 'screens.yaml' } as const;
const optional = { ...strict, screens: 'auto' } as const;

let directory: string;
let server: Server;
let origin: string;
let signIns: string[];
let database: MemoryDatabase;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aurora-screens-'));
  database = new MemoryDatabase();
  signIns = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.url !== '/dashboard/login') {
      response.end('a view');
      return;
    }
    signIns.push(body);
    if (body !== `token=${token}`) {
      response.writeHead(401).end();
      return;
    }
    const rest = 'Path=/dashboard; Secure; HttpOnly; SameSite=Strict';
    response.writeHead(303, { 'set-cookie': `aurora_dashboard=${cookie}; ${rest}` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.close();
  await rm(directory, { recursive: true });
});

function contextOf(open: () => Promise<BrowserService>, viewer: string | null): CheckContext {
  const staging = environmentWith('staging', {}, origin, { widget: `${origin}/widget.js` });
  const viewerToken = async () => new Secret(viewer ?? '', 'vault:viewer');
  return contextWith({
    evidence: directory,
    environments: {
      staging: viewer === null ? staging : { ...staging, viewerToken },
      production: environmentWith('production', {}),
    },
    services: someServices({ browser: open, database: async () => database }),
  });
}

function contextWithPaper(bend: Bend = {}, viewer: string | null = token) {
  const browser = new PaperBrowser(bend);
  return { browser, context: contextOf(async () => browser, viewer) };
}

const noBrowser = () =>
  contextOf(async () => {
    throw new AuroraError('BROWSER_MISSING', 'no browser on PATH');
  }, token);

describe('screens', () => {
  it('keep a picture of each journey and of each dashboard, under its digest', async () => {
    const { browser, context } = contextWithPaper();
    const results = await screens.run(strict, context);
    expect(results.map(({ status }) => status)).toEqual(Array(11).fill('pass'));
    expect(await readdir(directory)).toHaveLength(11);
    for (const { evidence } of results) {
      const { file, sha256 } = evidence ?? {};
      expect(file).toBe(join(directory, String(file).slice(directory.length + 1)));
      expect(String(file)).toContain(String(sha256).slice(0, 12));
    }
    expect([browser.open, browser.closed]).toEqual([0, true]);
  });

  it('give each visitor a session of its own, and remove what they left', async () => {
    const { browser, context } = contextWithPaper();
    await screens.run(strict, context);
    const sessions = browser.visits
      .flatMap(({ cookies }) => cookies)
      .filter(({ name }) => name === 'aurora_session')
      .map(({ value }) => value);
    expect(new Set(sessions).size).toBe(6);
    expect(new Set(database.swept[0]?.sessionIds)).toEqual(new Set(sessions));
    expect(database.swept[0]?.orderNumbers).toHaveLength(2);
  });

  it('fail with what did not come, and show the page as it was then', async () => {
    const { context } = contextWithPaper({
      able: (act) => !('press' in act && act.press === 'Show me'),
    });
    const results = await screens.run(strict, context);
    const failed = results.filter(({ status }) => status === 'fail');
    expect(failed.map(({ id, observed }) => [id, observed])).toEqual([
      ['screens/staging/find-product', 'no button "Show me" in time'],
      ['screens/staging/capsule', 'no button "Show me" in time'],
    ]);
    for (const { evidence } of failed) {
      expect((await readFile(String(evidence?.file))).length).toBeGreaterThan(0);
    }
  });

  it('fail where a page does not answer with 200', async () => {
    const { context } = contextWithPaper({
      status: (address) => (address.endsWith('/orders') ? 403 : 200),
    });
    const bad = (await screens.run(strict, context)).filter(({ status }) => status !== 'pass');
    expect(bad).toMatchObject([
      {
        id: 'screens/staging/orders',
        status: 'fail',
        observed: `${origin}/dashboard/orders answered 403`,
      },
    ]);
  });

  it('are an error without a browser: nothing was seen', async () => {
    expect(await screens.run(strict, noBrowser())).toMatchObject([
      { status: 'error', observed: expect.stringContaining('no browser on PATH') },
    ]);
  });

  it('remove what visitors left when the run is interrupted', async () => {
    const abort = new AbortController();
    const { browser, context } = contextWithPaper({
      able: () => {
        abort.abort(new Error('Ctrl-C'));
        throw abort.signal.reason;
      },
    });
    await expect(screens.run(strict, { ...context, signal: abort.signal })).rejects.toThrow(
      'Ctrl-C',
    );
    expect(database.swept[0]?.sessionIds).toHaveLength(6);
    expect(browser.closed).toBe(true);
  });
});

describe('the dashboards', () => {
  it('are seen with a cookie; the token goes into one body, and neither is told anywhere', async () => {
    const { browser, context } = contextWithPaper();
    const results = await screens.run(strict, context);
    expect(signIns).toEqual([`token=${token}`]);
    const dashboards = browser.visits.filter(({ addresses }) =>
      addresses[0]?.includes('/dashboard'),
    );
    expect(dashboards).toHaveLength(5);
    for (const { cookies, addresses } of dashboards) {
      expect(cookies).toEqual([{ name: 'aurora_dashboard', value: cookie, origin }]);
      expect(addresses.join()).not.toContain(token);
    }
    expect(JSON.stringify(results)).not.toMatch(new RegExp(`${token}|${cookie}`));
  });

  it('are an error when the token is refused; the token is not told', async () => {
    const wrong = 'another-token-0123456789';
    const { context } = contextWithPaper({}, wrong);
    const results = (await screens.run(strict, context)).slice(6);
    expect(results.map(({ status }) => status)).toEqual(Array(5).fill('error'));
    expect(results[0]?.observed).toContain('signing in was answered 401');
    expect(JSON.stringify(results)).not.toContain(wrong);
  });
});

describe('links with screens: auto', () => {
  it('pass without a browser, and say that there are no screenshots, and why', async () => {
    const results = await links.run(optional, noBrowser());
    const what = 'the widget and the dashboards (no browser on PATH)';
    expect(results).toMatchObject([
      { id: 'links/staging/widget', status: 'pass', evidence: { noScreens: [what] } },
    ]);
    expect(results[0]?.observed).toBe(`${origin}/widget.js; no screenshot of ${what}`);
    expect(screenLines(results)).toEqual([`No screenshot of ${what}: look at the links.`]);
  });

  it('pass where only some can be made: the rest is said, and is no pass of its own', async () => {
    const broken = (address: string) =>
      address.endsWith('/analytics/concierge')
        ? new AuroraError('BROWSER_FAILED', 'it broke off')
        : undefined;
    const { context } = contextWithPaper({ breaks: broken });
    const results = await links.run(optional, context);
    expect(results.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(results).toHaveLength(11);
    expect(results[0]?.observed).toContain('no screenshot of Concierge analytics');
  });

  it('fail by what a browser shows to be wrong', async () => {
    const { context } = contextWithPaper({ able: (act) => !('see' in act) });
    const results = await links.run(optional, context);
    expect(results.filter(({ status }) => status === 'fail')).toHaveLength(6);
  });

  it('start no browser when they are off, or when a view does not open', async () => {
    let started = 0;
    const context = contextOf(async () => {
      started += 1;
      return new PaperBrowser();
    }, token);
    await links.run({ ...optional, screens: 'off' }, context);
    server.close();
    server.closeAllConnections();
    expect(await links.run(optional, context)).toMatchObject([{ status: 'error' }]);
    expect(started).toBe(0);
  });
});

describe('the checklist of screenshots', () => {
  const list = (journeys: readonly unknown[]) => ({
    ...{ within: '15 s', page: '/demo', sessionCookie: 'aurora_session', journeys },
  });
  const see = { see: 'x' };

  it.each([
    ['an unknown act', [{ id: 'a', title: 'A', do: [{ shout: 'x' }] }], 'expected one of press'],
    ['a value that nobody gives', [{ id: 'a', title: 'A', do: [{ see: '{name}' }] }], '{name}'],
    [
      'an id that comes twice',
      [
        { id: 'a', title: 'A', do: [see] },
        { id: 'a', title: 'B', do: [see] },
      ],
      'a comes twice',
    ],
    ['a journey without acts', [{ id: 'a', title: 'A', do: [] }], 'do'],
  ])('refuses %s', (_, journeys, why) => {
    const { error } = screensList.safeParse(list(journeys));
    expect(JSON.stringify(error?.issues)).toContain(why);
  });
});
