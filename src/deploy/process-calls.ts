import { z } from 'zod';
import { environmentNames } from '../base/environments.ts';
import { AuroraError } from '../base/errors.ts';
import type { HttpChange } from '../services/change.ts';
import { type HttpAnswer, http, parseJson } from '../services/http/request.ts';
import { type Sending, sendChange } from '../services/http/send-change.ts';
import { type SlotStatus, slotNames } from './driver.ts';

/** A slot as the host answers it. */
export const statusSchema: z.ZodType<SlotStatus> = z.object({
  environment: z.enum(environmentNames),
  slot: z.enum(slotNames),
  state: z.enum(['starting', 'ready', 'failed', 'stopped']),
  build: z.string().nullable(),
  url: z.string().nullable(),
  pid: z.number().nullable(),
  startedAt: z.number().nullable(),
  ended: z.string().nullable(),
  lastLines: z.array(z.string()),
});
/** All slots of a host. */
export const slotsSchema = z.array(statusSchema);
const target = z.object({ slot: z.enum(slotNames), url: z.string() }).nullable();
/** The traffic as the edge answers it. */
export const trafficSchema = z.object({ stable: target, candidate: target });
const refusalSchema = z.object({
  code: z.string(),
  message: z.string(),
  lastLines: z.array(z.string()).default([]),
});

/** The error that a refusing answer stands for. The last log lines go where a person reads first. */
function refused(answer: HttpAnswer, where: string): AuroraError {
  const parsed = refusalSchema.safeParse(parseJson(answer, where));
  if (!parsed.success) {
    return new AuroraError('SERVICE_ANSWER_INVALID', `status ${answer.status}`, { where });
  }
  const { code, message, lastLines } = parsed.data;
  if (code === 'BUILD_ALTERED') return new AuroraError('BUILD_ALTERED', message, { where });
  // The number that this request came with is no longer the highest: somebody has taken over.
  if (code === 'FENCE_LOWER') return new AuroraError('LEASE_LOST', message, { where });
  if (code !== 'SLOT_FAILED' && code !== 'SLOT_STOPPED') {
    return new AuroraError('SERVICE_REFUSED', `${answer.status} ${code}: ${message}`, { where });
  }
  const tail = lastLines.slice(-5).map((line) => line.slice(0, 200));
  const log = tail.length === 0 ? '' : `; its log ends: ${tail.join(' | ')}`;
  return new AuroraError('EFFECT_FAILED', `${message}${log}`, { where });
}

function understood<T>(answer: HttpAnswer, schema: z.ZodType<T>, where: string): T {
  if (answer.status !== 200) throw refused(answer, where);
  const parsed = schema.safeParse(parseJson(answer, where));
  if (parsed.success) return parsed.data;
  throw new AuroraError('SERVICE_ANSWER_INVALID', z.prettifyError(parsed.error), { where });
}

/** Asks host or edge, with a header that holds the token, and checks the answer's shape. */
export async function askProcess<T>(
  schema: z.ZodType<T>,
  question: { readonly url: string; readonly authorization: string },
  sending: Sending,
  signal: AbortSignal,
): Promise<T> {
  const { url, authorization } = question;
  const answer = await http({ url, headers: { authorization }, ...sending }, signal);
  return understood(answer, schema, `GET ${url}`);
}

/** Sends a change to host or edge and checks the answer's shape. */
export async function sendProcess<T>(
  schema: z.ZodType<T>,
  change: HttpChange & { readonly url: string },
  sending: Sending,
  signal: AbortSignal,
): Promise<T> {
  const answer = await sendChange(change, sending, signal);
  return understood(answer, schema, `${change.method} ${change.url}`);
}
