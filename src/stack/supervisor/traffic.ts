import { z } from 'zod';
import { type EnvironmentName, environmentNames } from '../../base/environments.ts';
import { addressesOf } from './addresses.ts';
import type { StackLayout } from './layout.ts';
import { callPart } from './part-call.ts';

/** New sessions per second in each environment. */
export type Rates = Readonly<Record<EnvironmentName, number>>;

const ratesSchema = z.object({ staging: z.number(), production: z.number() });
const slotsSchema = z.array(
  z.object({ environment: z.enum(environmentNames), slot: z.string(), state: z.string() }),
);

/** How many customers the shoppers send now. */
export async function readRates(layout: StackLayout, signal: AbortSignal): Promise<Rates> {
  const url = `${addressesOf(layout).shoppers}/rates`;
  return ratesSchema.parse(await callPart({ url }, signal));
}

/** Sends as many customers from now on. */
export async function setRates(
  layout: StackLayout,
  rates: Rates,
  signal: AbortSignal,
): Promise<void> {
  const url = `${addressesOf(layout).shoppers}/rates`;
  await callPart({ method: 'PUT', url, body: rates }, signal);
}

/** What the host can be told to break; null repairs it, and what is left out stays as it is. */
export interface HostFaults {
  /** New slots of this environment fail to start. */
  readonly startFails?: EnvironmentName | null;
  /** Nobody can read the metrics of this environment's slots. */
  readonly metricsAway?: EnvironmentName | null;
}

/** Breaks something of the host, or repairs it. */
export async function setHostFaults(
  layout: StackLayout,
  faults: HostFaults,
  signal: AbortSignal,
): Promise<void> {
  const url = `${addressesOf(layout).host}/faults`;
  const token = layout.secrets.driverToken;
  await callPart({ method: 'POST', url, token, body: faults }, signal);
}

/** No customers, no slots, no traffic, nothing in the edges' caches. */
export async function emptyEnvironments(layout: StackLayout, signal: AbortSignal): Promise<void> {
  await setRates(layout, { staging: 0, production: 0 }, signal);
  await Promise.all(environmentNames.map((name) => emptyEdge(layout, name, signal)));
  await stopSlots(layout, signal);
}

async function emptyEdge(
  layout: StackLayout,
  environment: EnvironmentName,
  signal: AbortSignal,
): Promise<void> {
  const all = addressesOf(layout);
  const { driverToken, purgeToken } = layout.secrets;
  const traffic = `${all.edgeAdmin[environment]}/traffic`;
  const body = { stable: null, candidate: null };
  await callPart({ method: 'PUT', url: traffic, token: driverToken, body }, signal);
  const widgets = `${all.edge[environment]}/widget/*`;
  await callPart({ method: 'PURGE', url: widgets, token: purgeToken }, signal);
}

async function stopSlots(layout: StackLayout, signal: AbortSignal): Promise<void> {
  const url = `${addressesOf(layout).host}/slots`;
  const token = layout.secrets.driverToken;
  const slots = slotsSchema.parse(await callPart({ url, token }, signal));
  await Promise.all(
    slots
      .filter(({ state }) => state !== 'stopped')
      .map(({ environment, slot }) =>
        callPart({ method: 'DELETE', url: `${url}/${environment}/${slot}`, token }, signal),
      ),
  );
}
