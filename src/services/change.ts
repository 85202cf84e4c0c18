import type { Json } from '../base/json.ts';
import { revealed, Secret } from '../base/secret.ts';

/** A value that only an earlier change of the same act will tell: printed as `<words>`. */
export class Later {
  readonly words: string;
  #value: Json | undefined;

  constructor(words: string) {
    this.words = words;
  }

  /** Called once what was waited for is known. */
  settle(value: Json): void {
    this.#value = value;
  }

  /** The value; throws when it is asked for too early, which is a bug. */
  get value(): Json {
    if (this.#value === undefined) throw new Error(`not known yet: ${this.words}`);
    return this.#value;
  }
}

/** JSON in which a value may be secret, or not known before an earlier change was made. */
export type ChangeValue =
  | Json
  | Secret
  | Later
  | readonly ChangeValue[]
  | { readonly [key: string]: ChangeValue };

/** A request that changes something. */
export interface HttpChange {
  readonly via: 'http';
  /** Who gets it, safe to print: `unleash http://127.0.0.1:4242`. */
  readonly service: string;
  readonly method: 'POST' | 'PUT' | 'DELETE' | 'PURGE';
  /** A webhook's address is a secret: only its origin is printed. */
  readonly url: string | Secret;
  readonly headers: Readonly<Record<string, string | Secret>>;
  /** Sent as JSON. */
  readonly body?: ChangeValue;
}

/** A Redis command; what stands for many keys is in angle brackets. */
export interface RedisChange {
  readonly via: 'redis';
  readonly service: string;
  readonly argv: readonly string[];
}

/** An e-mail. */
export interface MailChange {
  readonly via: 'mail';
  readonly service: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A file that is written. */
export interface FileChange {
  readonly via: 'file';
  readonly path: string;
}

/** A program that is run. */
export interface CommandChange {
  readonly via: 'command';
  readonly argv: readonly string[];
  readonly directory: string;
}

/** One thing that will be sent, as data: what a dry run prints and what a real run sends. */
export type Change = HttpChange | RedisChange | MailChange | FileChange | CommandChange;

/** A change as people and programs may see it: no secret in it. */
export type ShownChange =
  | (Omit<HttpChange, 'url' | 'headers' | 'body'> & {
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: Json;
    })
  | RedisChange
  | MailChange
  | FileChange
  | CommandChange;

/**
 * Changes with the way to send them. Preparing sends nothing, and `send` sends exactly `changes`, in
 * their order. Where one of them fails, `send` may try another way to the same end.
 */
export interface Prepared<T = unknown> {
  readonly changes: readonly Change[];
  send(signal: AbortSignal): Promise<T>;
}

/** Sends one after the other; the first that fails ends it. */
export async function sendAll(all: readonly Prepared[], signal: AbortSignal): Promise<void> {
  for (const prepared of all) await prepared.send(signal);
}

function mapped(value: ChangeValue, leaf: (value: Secret | Later) => Json): Json {
  if (value instanceof Secret || value instanceof Later) return leaf(value);
  if (Array.isArray(value)) return value.map((one: ChangeValue) => mapped(one, leaf));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, mapped(member as ChangeValue, leaf)]),
    );
  }
  return value as Json;
}

/** The value as it is sent, secrets in the open. Only at the edge that sends it. */
export function sentValue(value: ChangeValue): Json {
  return mapped(value, (leaf) => (leaf instanceof Secret ? leaf.reveal() : leaf.value));
}

/** The value as people may see it: `<secret>`, `<the address of blue>`. */
export function shownValue(value: ChangeValue): Json {
  return mapped(value, (leaf) => (leaf instanceof Secret ? '<secret>' : `<${leaf.words}>`));
}

function shownHeaders(headers: HttpChange['headers']): Readonly<Record<string, string>> {
  const shown = Object.entries(headers).map(([name, value]) => {
    return [name, value instanceof Secret ? '<secret>' : value] as const;
  });
  return Object.fromEntries(shown);
}

function shownUrl(url: string | Secret): string {
  if (!(url instanceof Secret)) return url;
  const text = revealed(url);
  return URL.canParse(text) ? `${new URL(text).origin}/<secret>` : '<secret>';
}

/** A change for machines, without any secret. */
export function shownChange(change: Change): ShownChange {
  if (change.via !== 'http') return { ...change };
  const { via, service, method, url, headers, body } = change;
  return {
    via,
    service,
    method,
    url: shownUrl(url),
    headers: shownHeaders(headers),
    ...(body === undefined ? {} : { body: shownValue(body) }),
  };
}

/** A change in one line, without any secret: `PUT http://127.0.0.1:4001/traffic {"stable":null}`. */
export function changeLine(change: Change): string {
  switch (change.via) {
    case 'http': {
      const body = change.body === undefined ? '' : ` ${JSON.stringify(shownValue(change.body))}`;
      return `${change.method} ${shownUrl(change.url)}${body}`;
    }
    case 'redis':
      return `${change.argv.join(' ')} on ${change.service}`;
    case 'mail':
      return `mail to ${change.to.join(', ')} over ${change.service}: ${change.subject}`;
    case 'file':
      return `write ${change.path}`;
    case 'command':
      return `run ${change.argv.join(' ')}`;
  }
}
