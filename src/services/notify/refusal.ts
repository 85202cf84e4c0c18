import { AuroraError, hasCode, messageOf } from '../../base/errors.ts';
import type { ServiceHealth } from '../health.ts';
import { type HttpAnswer, type HttpRequest, http } from '../http/request.ts';

/** How long a service of this room may take for one answer. */
export const answerMs = 5_000;

/**
 * One exchange whose address may be a secret: its errors name `where` instead, and carry no cause.
 * Errors: SERVICE_UNREACHABLE, LEASE_LOST, or the signal's reason.
 */
export async function privateHttp(
  request: HttpRequest,
  where: string,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  try {
    return await http({ timeoutMs: answerMs, ...request }, signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (hasCode(error, 'LEASE_LOST')) throw error;
    throw new AuroraError('SERVICE_UNREACHABLE', messageOf(error), { where });
  }
}

/** The error of an answer that is a refusal, with the first words of what it said. */
export function refused(answer: HttpAnswer, where: string): AuroraError {
  const said = answer.text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
  const message = `answered ${answer.status}${said === '' ? '' : `: ${said}`}`;
  if (answer.status !== 429) return new AuroraError('SERVICE_REFUSED', message, { where });
  const remedy = 'It takes no more messages for now; repeat it in a minute.';
  return new AuroraError('SERVICE_REFUSED', message, { where, remedy });
}

/** Health from something that may fail: the error becomes the answer. */
export async function examined(look: () => Promise<ServiceHealth>): Promise<ServiceHealth> {
  try {
    return await look();
  } catch (error) {
    const remedy = error instanceof AuroraError ? { remedy: error.remedy } : {};
    return { ok: false, detail: messageOf(error), ...remedy };
  }
}
