import { AuroraError } from '../../base/errors.ts';
import { type HttpRequest, http, parseJson } from '../../services/http/request.ts';

/**
 * One call of a part's control service. Answers the parsed JSON, undefined when there is none.
 * SERVICE_REFUSED for any status but 2xx.
 */
export async function callPart(
  call: Pick<HttpRequest, 'method' | 'url' | 'body' | 'timeoutMs'> & { readonly token?: string },
  signal: AbortSignal,
): Promise<unknown> {
  const { token, ...request } = call;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await http({ ...request, headers }, signal);
  const where = `${call.method ?? 'GET'} ${call.url}`;
  if (answer.status < 200 || answer.status >= 300) {
    throw new AuroraError('SERVICE_REFUSED', `status ${answer.status}`, { where });
  }
  return answer.text === '' ? undefined : parseJson(answer, where);
}
