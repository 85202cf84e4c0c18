import { systemClock } from '../../src/base/clock.ts';
import type { EnvironmentName } from '../../src/base/environments.ts';
import { Secret } from '../../src/base/secret.ts';
import type { ReleaseFacts } from '../../src/checks/kind.ts';
import { openProcessDriver } from '../../src/deploy/process-driver.ts';
import type { EffectContext } from '../../src/effects/effect.ts';
import { openAlertmanager } from '../../src/services/alerts/alertmanager.ts';
import { openPurgeCdn } from '../../src/services/cdn/purge.ts';
import { openUnleash } from '../../src/services/flags/unleash.ts';
import type { ChangeGuard } from '../../src/services/http/change-guard.ts';
import { createDispatcher } from '../../src/services/http/connect.ts';
import { openPagerduty } from '../../src/services/notify/pagerduty.ts';
import { openSlack } from '../../src/services/notify/slack.ts';
import type { Services } from '../../src/services/services.ts';

export const builds = { stable: 'a'.repeat(64), candidate: 'b'.repeat(64) };
export const secrets = {
  admin: 'admin-token-0123456789',
  driver: 'driver-token-0123456789',
  cdn: 'cdn-token-0123456789',
  hook: 'hook-0123456789',
  pager: 'routing-key-0123456789',
  apiKey: 'api-key-0123456789',
};
const secret = (name: keyof typeof secrets) => new Secret(secrets[name], `env:${name}`);

/** Time stands still, so that what is told twice is told alike. */
export const stillClock = { ...systemClock, now: () => Date.UTC(2025, 0, 2, 3, 4, 5) };

const elsewhere = async () => {
  throw new Error('not in this company');
};

/** The real clients of a company on loopback. */
export function servicesAt(url: string, guard?: ChangeGuard): Services {
  const dispatcher = createDispatcher({}, guard);
  const through = { dispatcher, ...(guard === undefined ? {} : { guard }) };
  const clientTokens = { staging: secret('admin'), production: secret('admin') };
  return {
    secrets: elsewhere,
    database: elsewhere,
    cache: elsewhere,
    metrics: elsewhere,
    logs: elsewhere,
    browser: elsewhere,
    flags: async () =>
      openUnleash({
        url,
        adminToken: secret('admin'),
        clientTokens,
        project: 'default',
        environments: { staging: 'development', production: 'production' },
        dispatcher,
      }),
    cdn: async () =>
      openPurgeCdn({ urls: { staging: url, production: url }, token: secret('cdn') }, dispatcher),
    notify: async () => [
      openSlack({
        channel: '#aurora-ops',
        webhook: new Secret(`${url}/chat/${secrets.hook}`, 'env:HOOK'),
        dispatcher,
      }),
      openPagerduty({
        policy: 'on-call',
        url: `${url}/pager`,
        routingKey: secret('pager'),
        dispatcher,
      }),
    ],
    alerts: async () =>
      openAlertmanager({ url, labels: { service: 'concierge' }, dispatcher }, stillClock),
    driver: async (environment: EnvironmentName) =>
      openProcessDriver(environment, { host: url, edge: url, token: secret('driver'), ...through }),
    close: () => dispatcher.close(),
  };
}

/** What effects may use, over those clients. */
export function contextOver(services: Services, facts: Partial<ReleaseFacts> = {}): EffectContext {
  const build = (digest: string, version: string) => {
    return { name: 'concierge', version, digest, directory: `/builds/${version}` };
  };
  const view = (name: EnvironmentName) => ({
    name,
    envFile: `${name}.env`,
    variables: async () => new Map<string, string>(),
    origin: 'http://127.0.0.1:9',
    dispatcher: createDispatcher(),
    views: {},
  });
  return {
    clock: stillClock,
    signal: new AbortController().signal,
    environments: { staging: view('staging'), production: view('production') },
    services,
    facts: () => ({ candidate: builds.candidate, stable: builds.stable, slots: {}, ...facts }),
    timeScale: 1,
    checklists: '/nowhere',
    stateDirectory: '/nowhere',
    candidate: build(builds.candidate, '1.4.0'),
    flags: {
      canary: 'WIDGET',
      all: ['WIDGET', 'TIMELINE', 'RETURNS'],
      environment: 'production',
    },
    slotEnv: async () => ({ PORT_NAME: 'concierge', CONCIERGE_API_KEY: secret('apiKey') }),
    findBuild: async (digest) => build(digest, '1.3.0'),
    release: 'r1',
    actor: 'Alex W.',
    reason: 'errors since 02:10',
    writeDocument: async (name) => name,
    incidentNote: () => 'note',
  };
}
