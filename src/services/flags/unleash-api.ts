import { AuroraError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import type { HttpChange } from '../change.ts';
import { type HttpAnswer, type HttpRequest, http, parseJson } from '../http/request.ts';
import { requestOf } from '../http/send-change.ts';

/** What one question to Unleash's API is told. */
export interface UnleashCall {
  /** Below the base address, with its leading slash. */
  readonly path: string;
  readonly token: Secret;
}

/** Sends calls to one Unleash; every refusal becomes a SERVICE_REFUSED that says what to do. */
export interface UnleashApi {
  readonly url: string;
  /** Asks; the answer parsed as JSON, undefined when it is empty. */
  ask(call: UnleashCall, signal: AbortSignal): Promise<unknown>;
  /** Sends a change as it stands; `timeoutMs` when it must be done sooner than usual. */
  send(change: HttpChange, signal: AbortSignal, timeoutMs?: number): Promise<unknown>;
}

const remedies: Readonly<Record<number, string>> = {
  401: 'Check that the configured token is one of this Unleash and has not expired.',
  403: 'Give the token the permissions it lacks: an admin token for changes, a client token to read.',
  404: 'Create the flag in Unleash, and check services.flags.project and .environments.',
};

/** Unleash's own words, when it has any: `{message}` or `{details:[{message}]}`. */
function reasonOf(answer: HttpAnswer): string {
  try {
    const body = JSON.parse(answer.text) as { message?: unknown } | null;
    if (typeof body?.message === 'string') return `: ${body.message.slice(0, 200)}`;
  } catch {
    // A proxy's page, perhaps: its status says enough.
  }
  return '';
}

/** Without a trailing slash and without `/api`, which applications' addresses end in. */
export function baseUrl(url: string): string {
  return url.replace(/\/+$/, '').replace(/\/api$/, '');
}

/** Opens the API at an address; nothing is sent yet. */
export function createUnleashApi(
  url: string,
  timeoutMs: number,
  dispatcher?: HttpRequest['dispatcher'],
): UnleashApi {
  const base = baseUrl(url);
  const exchange = async (request: HttpRequest, signal: AbortSignal) => {
    const sent = { timeoutMs, ...request, ...(dispatcher === undefined ? {} : { dispatcher }) };
    return understood(await http(sent, signal), `${request.method ?? 'GET'} ${request.url}`);
  };
  return {
    url: base,
    ask: ({ path, token }, signal) => {
      const headers = { authorization: token.reveal(), accept: 'application/json' };
      return exchange({ url: `${base}${path}`, headers }, signal);
    },
    send: (change, signal, limit = timeoutMs) =>
      exchange({ ...requestOf(change), timeoutMs: Math.min(limit, timeoutMs) }, signal),
  };
}

/** The answer parsed as JSON, undefined when it is empty; throws what a refusal says. */
function understood(answer: HttpAnswer, where: string): unknown {
  if (answer.status >= 200 && answer.status < 300) {
    return answer.text === '' ? undefined : parseJson(answer, where);
  }
  const remedy = remedies[answer.status];
  throw new UnleashRefusal(answer.status, `status ${answer.status}${reasonOf(answer)}`, {
    where,
    ...(remedy === undefined ? {} : { remedy }),
  });
}

/** A SERVICE_REFUSED that still knows the status it came from. */
export class UnleashRefusal extends AuroraError {
  readonly status: number;

  constructor(status: number, message: string, options: { where: string; remedy?: string }) {
    super('SERVICE_REFUSED', message, options);
    this.status = status;
  }
}
