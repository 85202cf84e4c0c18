import { z } from 'zod';
import { AuroraError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import type { Dispatcher } from '../http/connect.ts';
import { type HttpAnswer, http, parseJson } from '../http/request.ts';

/** A sample with its time on the server's clock, in milliseconds since the epoch. */
export interface TimedSample {
  readonly at: number;
  readonly value: number;
}

/** One series as it is stored: every sample of it in the asked time. */
export interface RawSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly TimedSample[];
}

/** How a Prometheus server lets us in. */
export type PrometheusAuth =
  | { readonly token: Secret }
  | { readonly user: string; readonly password: Secret };

export interface PrometheusAddress {
  /** Its address; a path in it is kept (`https://metrics.example.com/prometheus`). */
  readonly url: string;
  readonly auth?: PrometheusAuth | undefined;
  /** Milliseconds for one request. */
  readonly timeoutMs: number;
  readonly dispatcher?: Dispatcher | undefined;
}

/** As much of the HTTP API as is needed, by GET alone: nothing here can change anything. */
export interface PrometheusApi {
  /** The value of an expression that has one; null when it has none. */
  scalar(query: string, signal: AbortSignal): Promise<number | null>;
  /** Every stored sample of a selector with a time later than `from`, up to and including `to`. */
  raw(
    selector: string,
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<readonly RawSeries[]>;
  /** Whether a target that is scraped now declares this metric. */
  declares(metric: string, signal: AbortSignal): Promise<boolean>;
  /** The version, as the server says it. */
  version(signal: AbortSignal): Promise<string>;
}

const pair = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const vector = z.object({
  resultType: z.literal('vector'),
  result: z.array(z.object({ metric: labels, value: pair })),
});
const scalar = z.object({ resultType: z.literal('scalar'), result: pair });
const matrix = z.object({
  resultType: z.literal('matrix'),
  result: z.array(z.object({ metric: labels, values: z.array(pair) })),
});
const envelope = z.object({
  status: z.enum(['success', 'error']),
  error: z.string().optional(),
  errorType: z.string().optional(),
  warnings: z.array(z.string()).optional(),
  data: z.unknown().optional(),
});
const metadata = z.record(z.string(), z.array(z.unknown()));
const buildInfo = z.object({ version: z.string() });

function numberOf(text: string, where: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  const value = Number(text);
  if (text !== '' && !Number.isNaN(value)) return value;
  throw new AuroraError('SERVICE_ANSWER_INVALID', `"${text}" is no number`, { where });
}

function refusal(answer: HttpAnswer, where: string): AuroraError {
  const { status } = answer;
  const said = envelope.safeParse(safeJson(answer.text));
  const words = said.success && said.data.error !== undefined ? `: ${said.data.error}` : '';
  // 503 is how Prometheus says that a query took too long.
  const code = [502, 503, 504].includes(status) ? 'SERVICE_UNREACHABLE' : 'SERVICE_REFUSED';
  const remedy = 'Check `url`: the API is expected at /api/v1 below it.';
  return new AuroraError(code, `status ${status}${words}`, {
    where,
    ...(status === 404 ? { remedy } : {}),
  });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed<T extends z.ZodType>(schema: T, value: unknown, where: string): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AuroraError('SERVICE_ANSWER_INVALID', 'not an answer of Prometheus', { where });
}

function authorization(auth: PrometheusAuth | undefined): Record<string, string> {
  if (auth === undefined) return {};
  if ('token' in auth) return { authorization: `Bearer ${auth.token.reveal()}` };
  const both = Buffer.from(`${auth.user}:${auth.password.reveal()}`).toString('base64');
  return { authorization: `Basic ${both}` };
}

/** The data of an answer that is whole. What may be partial is an error: a part is not the sum. */
function wholeData(answer: HttpAnswer, where: string): unknown {
  if (answer.status !== 200) throw refusal(answer, where);
  const { status, error, warnings, data } = parsed(envelope, parseJson(answer, where), where);
  if (status === 'error') {
    throw new AuroraError('SERVICE_REFUSED', error ?? 'the query failed', { where });
  }
  if (warnings !== undefined && warnings.length > 0) {
    const words = `the answer may be partial: ${warnings.join('; ')}`;
    throw new AuroraError('SERVICE_ANSWER_INVALID', words, { where });
  }
  return data;
}

/**
 * Opens the HTTP API of a Prometheus server, or of one that speaks as it does. Calls throw SERVICE_*,
 * or the signal's reason.
 */
export function openPrometheusApi(address: PrometheusAddress): PrometheusApi {
  const base = address.url.endsWith('/') ? address.url : `${address.url}/`;
  const get = async (
    path: string,
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => {
    const url = new URL(`api/v1/${path}`, base);
    const where = `GET ${url.href}`;
    url.search = new URLSearchParams(parameters).toString();
    const { dispatcher, timeoutMs, auth } = address;
    const answer = await http(
      {
        url: url.href,
        timeoutMs,
        headers: { accept: 'application/json', ...authorization(auth) },
        ...(dispatcher === undefined ? {} : { dispatcher }),
      },
      signal,
    );
    return { data: wholeData(answer, where), where };
  };
  // The server gives up when we do.
  const timeout = `${Math.max(1, Math.ceil(address.timeoutMs / 1_000))}s`;
  return {
    async scalar(query, signal) {
      const { data, where } = await get('query', { query, timeout }, signal);
      const answer = parsed(z.union([vector, scalar]), data, where);
      const value = answer.resultType === 'scalar' ? answer.result : answer.result[0]?.value;
      return value === undefined ? null : numberOf(value[1], where);
    },
    async raw(selector, from, to, signal) {
      const query = `${selector}[${Math.ceil(to - from)}ms]`;
      const time = (to / 1_000).toFixed(3);
      const { data, where } = await get('query', { query, time, timeout }, signal);
      return parsed(matrix, data, where).result.map(({ metric, values }) => ({
        labels: metric,
        samples: values
          .map(([seconds, text]) => ({
            at: Math.round(seconds * 1_000),
            value: numberOf(text, where),
          }))
          // Whether the earliest moment belongs to a range depends on the server's version.
          .filter(({ at }) => at > from && at <= to),
      }));
    },
    async declares(metric, signal) {
      const { data, where } = await get('metadata', { metric }, signal);
      return (parsed(metadata, data, where)[metric]?.length ?? 0) > 0;
    },
    async version(signal) {
      const { data, where } = await get('status/buildinfo', {}, signal);
      return parsed(buildInfo, data, where).version;
    },
  };
}
