import type { EnvironmentName } from '../base/environments.ts';
import { AuroraError, messageOf } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import { Later } from '../services/change.ts';
import type { ServiceHealth } from '../services/health.ts';
import type { ChangeGuard } from '../services/http/change-guard.ts';
import type { Dispatcher } from '../services/http/connect.ts';
import type { Sending } from '../services/http/send-change.ts';
import { type DeployDriver, type DriverPreparations, sendingDriver } from './driver.ts';
import {
  askProcess,
  sendProcess,
  slotsSchema,
  statusSchema,
  trafficSchema,
} from './process-calls.ts';
import { type ProcessPlace, routeChange, startChange, stopChange } from './process-changes.ts';

/** Longer than the host's own limit for a slot to get ready, so that its answer is the one heard. */
const startTimeoutMs = 30_000;

/** Where host and edge are; both take the same bearer token. */
export interface ProcessDriverOptions {
  readonly host: string;
  readonly edge: string;
  readonly token: Secret;
  readonly dispatcher?: Dispatcher;
  /** Tells the number of the lease that changes are made under. */
  readonly guard?: Pick<ChangeGuard, 'fenceOf'>;
}

async function examine(driver: DeployDriver, signal: AbortSignal): Promise<ServiceHealth> {
  try {
    const [slots, traffic] = await Promise.all([driver.slots(signal), driver.traffic(signal)]);
    const states = slots.map(({ slot, state }) => `${slot} ${state}`).join(', ');
    const roles = `stable ${traffic.stable ?? 'none'}, candidate ${traffic.candidate ?? 'none'}`;
    return { ok: true, detail: `${states}; ${roles}` };
  } catch (error) {
    const remedy = error instanceof AuroraError ? error.remedy : undefined;
    return { ok: false, detail: messageOf(error), ...(remedy === undefined ? {} : { remedy }) };
  }
}

function preparations(place: ProcessPlace, sending: Sending): DriverPreparations {
  return {
    start: (order) => {
      const change = startChange(place, order);
      const url = new Later(`the address of ${order.slot} once it has started`);
      return {
        changes: [change],
        slot: { slot: order.slot, state: 'ready', url },
        send: async (signal) => {
          const limits = { ...sending, timeoutMs: startTimeoutMs };
          const status = await sendProcess(statusSchema, change, limits, signal);
          url.settle(status.url);
          return status;
        },
      };
    },
    stop: (slot) => {
      const change = stopChange(place, slot);
      return {
        changes: [change],
        send: (signal) => sendProcess(statusSchema, change, sending, signal),
      };
    },
    route: (slots, traffic) => {
      const change = routeChange(place, slots, traffic);
      return {
        changes: [change],
        send: (signal) => sendProcess(trafficSchema, change, sending, signal),
      };
    },
  };
}

/** The driver for slots that a host service runs and an edge routes to. Opens no connection yet. */
export function openProcessDriver(
  environment: EnvironmentName,
  { host, edge, token, dispatcher, guard }: ProcessDriverOptions,
): DeployDriver {
  const sending = dispatcher === undefined ? {} : { dispatcher };
  const header = `Bearer ${token.reveal()}`;
  const authorization = new Secret(header, token.source);
  const fence = () => guard?.fenceOf(environment) ?? null;
  const place: ProcessPlace = { environment, host, edge, authorization, fence };
  const question = (url: string) => ({ url, authorization: header });
  const looking: Pick<DeployDriver, 'slots' | 'traffic' | 'prepare'> = {
    slots: async (signal) => {
      const all = await askProcess(slotsSchema, question(`${host}/slots`), sending, signal);
      return all.filter((status) => status.environment === environment);
    },
    traffic: async (signal) => {
      const asked = question(`${edge}/traffic`);
      const { stable, candidate } = await askProcess(trafficSchema, asked, sending, signal);
      return { stable: stable?.slot ?? null, candidate: candidate?.slot ?? null };
    },
    prepare: preparations(place, sending),
  };
  const driver: DeployDriver = {
    environment,
    label: `process host ${host}, edge ${edge}`,
    health: (signal) => examine(driver, signal),
    ...looking,
    ...sendingDriver(looking),
  };
  return driver;
}
