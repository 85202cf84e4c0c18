import { z } from 'zod';
import { type EnvironmentName, environmentNames } from '../base/environments.ts';
import { AuroraError, messageOf } from '../base/errors.ts';
import { Secret } from '../base/secret.ts';
import type { ServiceHealth } from '../services/health.ts';
import { type HttpAnswer, http, parseJson } from '../services/http/request.ts';
import {
  type DeployDriver,
  type SlotName,
  type SlotOrder,
  type SlotStatus,
  slotNames,
  type Traffic,
} from './driver.ts';

/** Longer than the host's own limit for a slot to get ready, so that its answer is the one heard. */
const startTimeoutMs = 30_000;

const statusSchema: z.ZodType<SlotStatus> = z.object({
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
const target = z.object({ slot: z.enum(slotNames), url: z.string() }).nullable();
const trafficSchema = z.object({ stable: target, candidate: target });
const refusalSchema = z.object({
  code: z.string(),
  message: z.string(),
  lastLines: z.array(z.string()).default([]),
});

/** Where host and edge are; both take the same bearer token. */
export interface ProcessDriverOptions {
  readonly host: string;
  readonly edge: string;
  readonly token: Secret;
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly body?: object;
  readonly timeoutMs?: number;
}

/** The error that a refusing answer stands for. The last log lines go where a person reads first. */
function refused(answer: HttpAnswer, where: string): AuroraError {
  const parsed = refusalSchema.safeParse(parseJson(answer, where));
  if (!parsed.success) {
    return new AuroraError('SERVICE_ANSWER_INVALID', `status ${answer.status}`, { where });
  }
  const { code, message, lastLines } = parsed.data;
  if (code === 'BUILD_ALTERED') return new AuroraError('BUILD_ALTERED', message, { where });
  if (code !== 'SLOT_FAILED' && code !== 'SLOT_STOPPED') {
    return new AuroraError('SERVICE_REFUSED', `${answer.status} ${code}: ${message}`, { where });
  }
  const tail = lastLines.slice(-5).map((line) => line.slice(0, 200));
  const log = tail.length === 0 ? '' : `; its log ends: ${tail.join(' | ')}`;
  return new AuroraError('EFFECT_FAILED', `${message}${log}`, { where });
}

/** Calls host or edge and checks the answer's shape. */
async function call<T>(
  token: Secret,
  schema: z.ZodType<T>,
  { method = 'GET', url, body, timeoutMs = 10_000 }: Call,
  signal: AbortSignal,
): Promise<T> {
  const where = `${method} ${url}`;
  const headers = { authorization: `Bearer ${token.reveal()}` };
  const sent = { method, url, headers, timeoutMs, ...(body === undefined ? {} : { body }) };
  const answer = await http(sent, signal);
  if (answer.status !== 200) throw refused(answer, where);
  const parsed = schema.safeParse(parseJson(answer, where));
  if (parsed.success) return parsed.data;
  throw new AuroraError('SERVICE_ANSWER_INVALID', z.prettifyError(parsed.error), { where });
}

/** An order as the host takes it: values in the open on loopback, with the names of the secret ones. */
function orderBody({ buildDirectory, build, env }: SlotOrder): object {
  const entries = Object.entries(env);
  const open = entries.map(([name, value]) => [
    name,
    value instanceof Secret ? value.reveal() : value,
  ]);
  const secrets = entries.filter(([, value]) => value instanceof Secret).map(([name]) => name);
  return { buildDirectory, build, env: Object.fromEntries(open), secrets };
}

/** The address that a slot takes traffic at. EFFECT_FAILED when it is not ready: nobody is sent there. */
function addressOf(
  slots: readonly SlotStatus[],
  slot: SlotName | null,
): { slot: SlotName; url: string } | null {
  if (slot === null) return null;
  const status = slots.find((one) => one.slot === slot);
  if (status?.state === 'ready' && status.url !== null) return { slot, url: status.url };
  const state = status?.state ?? 'unknown';
  throw new AuroraError('EFFECT_FAILED', `slot ${slot} is ${state}, so it gets no traffic`, {
    remedy: 'Start a build in it first; `aurora status` shows both slots.',
  });
}

async function examine(driver: DeployDriver, signal: AbortSignal): Promise<ServiceHealth> {
  try {
    const [slots, traffic] = await Promise.all([driver.slots(signal), driver.traffic(signal)]);
    const states = slots.map(({ slot, state }) => `${slot} ${state}`).join(', ');
    const roles = `stable ${traffic.stable ?? 'none'}, candidate ${traffic.candidate ?? 'none'}`;
    return { ok: true, detail: `${states}; ${roles}` };
  } catch (error) {
    const remedy = error instanceof AuroraError ? error.remedy : undefined;
    return { ok: false, detail: messageOf(error), ...(remedy === undefined ? {} : { remedy }) };
  }
}

/** The driver for slots that a host service runs and an edge routes to. Opens no connection yet. */
export function openProcessDriver(
  environment: EnvironmentName,
  { host, edge, token }: ProcessDriverOptions,
): DeployDriver {
  const slotUrl = (slot: SlotName) => `${host}/slots/${environment}/${slot}`;
  const trafficUrl = `${edge}/traffic`;
  const driver: DeployDriver = {
    environment,
    label: `process host ${host}, edge ${edge}`,
    health: (signal) => examine(driver, signal),
    slots: async (signal) => {
      const all = await call(token, z.array(statusSchema), { url: `${host}/slots` }, signal);
      return all.filter((status) => status.environment === environment);
    },
    start: (order, signal) => {
      const body = orderBody(order);
      const url = slotUrl(order.slot);
      const sent = { method: 'POST', url, body, timeoutMs: startTimeoutMs } as const;
      return call(token, statusSchema, sent, signal);
    },
    stop: async (slot, signal) => {
      await call(token, statusSchema, { method: 'DELETE', url: slotUrl(slot) }, signal);
    },
    traffic: async (signal): Promise<Traffic> => {
      const { stable, candidate } = await call(token, trafficSchema, { url: trafficUrl }, signal);
      return { stable: stable?.slot ?? null, candidate: candidate?.slot ?? null };
    },
    route: async ({ stable, candidate }, signal) => {
      const slots = await driver.slots(signal);
      const body = { stable: addressOf(slots, stable), candidate: addressOf(slots, candidate) };
      await call(token, trafficSchema, { method: 'PUT', url: trafficUrl, body }, signal);
    },
  };
  return driver;
}
