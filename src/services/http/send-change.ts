import { revealed } from '../../base/secret.ts';
import { type HttpChange, sentValue } from '../change.ts';
import { type HttpAnswer, type HttpRequest, http } from './request.ts';

/** How a change is sent: what does not show in it. */
export type Sending = Pick<HttpRequest, 'dispatcher' | 'timeoutMs'>;

/** The request that a change is, secrets in the open. */
export function requestOf({ method, url, headers, body }: HttpChange): HttpRequest {
  return {
    method,
    url: revealed(url),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, revealed(value)]),
    ),
    ...(body === undefined ? {} : { body: sentValue(body) as object }),
  };
}

/** Sends a change as it stands; errors as of `http`. */
export function sendChange(
  change: HttpChange,
  sending: Sending,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return http({ ...requestOf(change), ...sending }, signal);
}
