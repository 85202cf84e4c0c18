import type { EnvironmentName } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import type { ChangeValue, HttpChange } from '../services/change.ts';
import type { Destination, SlotName, SlotOrder, Traffic } from './driver.ts';

/** Where host and edge of an environment are, and the right to change what they do. */
export interface ProcessPlace {
  readonly environment: EnvironmentName;
  readonly host: string;
  readonly edge: string;
  /** The whole header: `Bearer ...`. */
  readonly authorization: Secret;
  /** The number of the lease under which this process acts; null without a lease. */
  readonly fence: () => number | null;
}

type Sent = HttpChange & { readonly url: string };

function change(
  place: ProcessPlace,
  method: Sent['method'],
  url: string,
  body?: ChangeValue,
): Sent {
  const fence = place.fence();
  return {
    via: 'http',
    service: `process host ${place.host}, edge ${place.edge}`,
    method,
    url,
    headers: {
      authorization: place.authorization,
      ...(fence === null ? {} : { 'x-aurora-fence': String(fence) }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  };
}

const slotUrl = ({ host, environment }: ProcessPlace, slot: SlotName) =>
  `${host}/slots/${environment}/${slot}`;

/** Starts a build: values go out in the open on loopback, with the names of the secret ones. */
export function startChange(place: ProcessPlace, order: SlotOrder): Sent {
  const { buildDirectory, build, env } = order;
  const secrets = Object.entries(env)
    .filter(([, value]) => value instanceof Secret)
    .map(([name]) => name);
  return change(place, 'POST', slotUrl(place, order.slot), { buildDirectory, build, env, secrets });
}

/** Stops a slot. */
export function stopChange(place: ProcessPlace, slot: SlotName): Sent {
  return change(place, 'DELETE', slotUrl(place, slot));
}

/** The address that a slot takes traffic at. EFFECT_FAILED when it is not ready: nobody is sent there. */
function addressOf(slots: readonly Destination[], slot: SlotName | null): ChangeValue {
  if (slot === null) return null;
  const found = slots.find((one) => one.slot === slot);
  if (found?.state === 'ready' && found.url !== null) return { slot, url: found.url };
  const state = found?.state ?? 'unknown';
  throw new AuroraError('EFFECT_FAILED', `slot ${slot} is ${state}, so it gets no traffic`, {
    remedy: 'Start a build in it first; `aurora status` shows both slots.',
  });
}

/** Sets the traffic. */
export function routeChange(
  place: ProcessPlace,
  slots: readonly Destination[],
  { stable, candidate }: Traffic,
): Sent {
  const body = { stable: addressOf(slots, stable), candidate: addressOf(slots, candidate) };
  return change(place, 'PUT', `${place.edge}/traffic`, body);
}
