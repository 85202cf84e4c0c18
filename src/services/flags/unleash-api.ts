import { AuroraError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import { type HttpAnswer, type HttpRequest, http, parseJson } from '../http/request.ts';

/** What one call of Unleash's API is told. */
export interface UnleashCall {
  readonly method?: HttpRequest['method'];
  /** Below the base address, with its leading slash. */
  readonly path: string;
  readonly token: Secret;
  readonly body?: object;
  readonly timeoutMs?: number;
}

/** Sends calls to one Unleash; every refusal becomes a SERVICE_REFUSED that says what to do. */
export interface UnleashApi {
  readonly url: string;
  /** The answer parsed as JSON, undefined when it is empty. */
  call(call: UnleashCall, signal: AbortSignal): Promise<unknown>;
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
  return {
    url: base,
    call: async (call, signal) => {
      const method = call.method ?? 'GET';
      const where = `${method} ${base}${call.path}`;
      const answer = await http(
        {
          method,
          url: `${base}${call.path}`,
          headers: { authorization: call.token.reveal(), accept: 'application/json' },
          timeoutMs: call.timeoutMs ?? timeoutMs,
          ...(call.body === undefined ? {} : { body: call.body }),
          ...(dispatcher === undefined ? {} : { dispatcher }),
        },
        signal,
      );
      if (answer.status >= 200 && answer.status < 300) {
        return answer.text === '' ? undefined : parseJson(answer, where);
      }
      const remedy = remedies[answer.status];
      throw new UnleashRefusal(answer.status, `status ${answer.status}${reasonOf(answer)}`, {
        where,
        ...(remedy === undefined ? {} : { remedy }),
      });
    },
  };
}

/** A SERVICE_REFUSED that still knows the status it came from. */
export class UnleashRefusal extends AuroraError {
  readonly status: number;

  constructor(status: number, message: string, options: { where: string; remedy?: string }) {
    super('SERVICE_REFUSED', message, options);
    this.status = status;
  }
}
