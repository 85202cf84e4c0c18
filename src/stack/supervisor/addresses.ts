import type { EnvironmentName } from '../../base/environments.ts';
import { type StackLayout, sessionPrefixes } from './layout.ts';
import type { Source } from './sources.ts';

const local = (port: number) => `http://127.0.0.1:${port}`;

/** Where the things of a stack are reached. Some hold a password: only `publicAddresses` may be shown. */
export interface StackAddresses {
  readonly mongodb: string;
  readonly vault: string;
  readonly redis: string;
  readonly flags: string;
  readonly host: string;
  readonly shoppers: string;
  readonly receivers: string;
  readonly model: string;
  readonly edge: Readonly<Record<EnvironmentName, string>>;
  readonly edgeAdmin: Readonly<Record<EnvironmentName, string>>;
}

const given = (source: Source) => (source.from === 'given' ? source.address : undefined);

/** All addresses, as a client of the stack needs them. */
export function addressesOf(layout: StackLayout): StackAddresses {
  const { ports, sources, secrets } = layout;
  return {
    mongodb: given(sources.mongodb) ?? `mongodb://127.0.0.1:${ports.mongodb}`,
    vault: given(sources.vault)?.replace(/\/+$/, '') ?? local(ports.vault),
    redis: given(sources.redis) ?? `redis://:${secrets.redisPassword}@127.0.0.1:${ports.redis}`,
    flags: local(ports.flags),
    host: local(ports.host),
    shoppers: local(ports.shoppers),
    receivers: local(ports.receiversHttp),
    model: local(ports.model),
    edge: { staging: local(ports.edge.staging), production: local(ports.edge.production) },
    edgeAdmin: {
      staging: local(ports.edgeAdmin.staging),
      production: local(ports.edgeAdmin.production),
    },
  };
}

/** The address without user and password. */
export function withoutUser(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1');
}

/** The address of one database on a MongoDB server, options kept. */
export function databaseAddress(server: string, database: string): string {
  const match = /^([a-z+]+:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/i.exec(server);
  return match === null ? server : `${match[1]}/${database}${match[2] ?? ''}`;
}

/** Whether the layout's session keys may be removed by `aurora:` alone. */
export function sessionRoot(layout: StackLayout): string {
  return sessionPrefixes(layout).staging.replace(/staging:session:$/, '');
}

/** What the state file and the terminal show. */
export function publicAddresses(layout: StackLayout): Readonly<Record<string, string>> {
  const all = addressesOf(layout);
  return {
    'shop (production)': all.edge.production,
    'shop (staging)': all.edge.staging,
    flags: all.flags,
    vault: all.vault,
    mongodb: withoutUser(all.mongodb),
    redis: withoutUser(all.redis),
    host: all.host,
    shoppers: all.shoppers,
    receivers: all.receivers,
    model: all.model,
    mail: `smtp://127.0.0.1:${layout.ports.receiversSmtp}`,
  };
}
