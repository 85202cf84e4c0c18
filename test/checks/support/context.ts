import { systemClock } from '../../../src/base/clock.ts';
import type { EnvironmentName } from '../../../src/base/environments.ts';
import type { CheckContext, EnvironmentView } from '../../../src/checks/kind.ts';
import { shippedChecklists } from '../../../src/config/shipped.ts';
import type { DeployDriver, SlotStatus } from '../../../src/deploy/driver.ts';
import { createDispatcher } from '../../../src/services/http/connect.ts';
import type { Services } from '../../../src/services/services.ts';

export const candidate = 'c'.repeat(64);
export const stable = '5'.repeat(64);

const notHere = (name: string) => async (): Promise<never> => {
  throw new Error(`this test has no ${name}`);
};

/** Services of which only the given ones can be opened. */
export function someServices(given: Partial<Services>): Services {
  return {
    secrets: notHere('secrets'),
    database: notHere('database'),
    flags: notHere('flags'),
    cache: notHere('cache'),
    cdn: notHere('cdn'),
    notify: notHere('notify'),
    alerts: notHere('alerts'),
    driver: notHere('driver'),
    metrics: notHere('metrics'),
    logs: notHere('logs'),
    browser: notHere('browser'),
    close: async () => undefined,
    ...given,
  };
}

export const dispatcher = createDispatcher();

/** An environment whose env file holds these variables. */
export function environmentWith(
  name: EnvironmentName,
  variables: Readonly<Record<string, string>>,
  origin = 'http://127.0.0.1:9',
  views: Readonly<Record<string, string>> = {},
): EnvironmentView {
  return {
    name,
    envFile: `/env/${name}.env`,
    variables: async () => new Map(Object.entries(variables)),
    origin,
    dispatcher,
    views,
  };
}

/** A context of a release whose candidate has no slot yet. */
export function contextWith(given: Partial<CheckContext>): CheckContext {
  return {
    clock: systemClock,
    signal: new AbortController().signal,
    environments: {
      staging: environmentWith('staging', {}),
      production: environmentWith('production', {}),
    },
    services: someServices({}),
    facts: { candidate, stable, slots: {} },
    timeScale: 1,
    checklists: shippedChecklists(),
    stateDirectory: '/nowhere',
    flags: { canary: 'AURORA_WIDGET_ENABLED', environment: 'production' },
    looks: () => [],
    progress: () => undefined,
    ...given,
  };
}

/** A driver that knows these slots and can do nothing. */
export function driverWith(
  environment: EnvironmentName,
  slots: readonly SlotStatus[],
): DeployDriver {
  const refuse = () => {
    throw new Error('a check changes nothing');
  };
  return {
    environment,
    label: 'driver of a test',
    prepare: { start: refuse, stop: refuse, route: refuse },
    health: async () => ({ ok: true, detail: 'fine' }),
    slots: async () => slots,
    start: notHere('start'),
    stop: notHere('stop'),
    traffic: notHere('traffic'),
    route: notHere('route'),
  };
}

/** A slot that is ready with the candidate in it. */
export function readySlot(environment: EnvironmentName, url: string): SlotStatus {
  return {
    environment,
    slot: 'green',
    state: 'ready',
    build: candidate,
    url,
    pid: 1,
    startedAt: 0,
    ended: null,
    lastLines: [],
  };
}
