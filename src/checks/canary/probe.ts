import { randomBytes } from 'node:crypto';
import { withDeadline } from '../../base/deadline.ts';
import { AuroraError, messageOf } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Secret } from '../../base/secret.ts';
import type { ProbeSample } from '../../judge/probes.ts';
import type { Slo, SloMetric } from '../../judge/slo.ts';
import type { Dispatcher } from '../../services/http/connect.ts';
import { http } from '../../services/http/request.ts';

/** Longest wait for one answer, and after which no further probe of a look is sent. */
const patienceMs = 5_000;
/** Codes of failures before a single byte was sent. */
const neverSent: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** How probes are sent. */
export interface ProbeOptions {
  /** Sent as a bearer token, as customers' requests are; undefined for a service that wants none. */
  readonly apiKey: Secret | undefined;
  readonly dispatcher?: Dispatcher;
  readonly signal: AbortSignal;
  /** In place of each metric's own `perLook`. */
  readonly perLook?: number;
  readonly patienceMs?: number;
  /** Hears of probes that were no samples: of which metrics, and why. */
  readonly onUnsent?: (metricIds: readonly string[], reason: string) => void;
}

type ProbedMetric = Extract<SloMetric, { readonly endpoint: string }> & {
  readonly probe: NonNullable<Extract<SloMetric, { readonly endpoint: string }>['probe']>;
};

/** One question, and all metrics that its answer is a sample of. */
interface Question {
  readonly endpoint: string;
  readonly body: JsonObject;
  readonly metrics: readonly ProbedMetric[];
}

/** What came of one probe; `status` null when an answer was begun or awaited, but none came whole. */
type Answer = { readonly status: number | null; readonly ms: number };
type Outcome = Answer | { readonly unsent: string };

const isProbed = (metric: SloMetric): metric is ProbedMetric =>
  'probe' in metric && metric.probe !== undefined;

/** Metrics that ask the same are answered by the same request. */
function questionsOf(slo: Slo): readonly Question[] {
  const questions = new Map<string, Question & { metrics: ProbedMetric[] }>();
  for (const metric of slo.metrics.filter(isProbed)) {
    const { endpoint, probe } = metric;
    const key = `${endpoint} ${JSON.stringify(probe.body)}`;
    const known = questions.get(key);
    if (known === undefined) questions.set(key, { endpoint, body: probe.body, metrics: [metric] });
    else known.metrics.push(metric);
  }
  return [...questions.values()];
}

/** Why nothing was sent; null when the slot did get the request, or may have. */
function unsentReason(error: unknown): string | null {
  // The guard of changes lets nothing out without the lease.
  if (error instanceof AuroraError && error.code !== 'SERVICE_UNREACHABLE') return error.line;
  const cause = error instanceof AuroraError ? error.cause : error;
  const code = (cause as { code?: unknown } | null | undefined)?.code;
  return neverSent.has(code) ? messageOf(error) : null;
}

/** Asks once. Rejects only with the reason of an aborted signal. */
async function ask(url: string, body: JsonObject, options: ProbeOptions): Promise<Outcome> {
  const { apiKey, dispatcher, signal } = options;
  const sessionId = `sess_probe_${randomBytes(8).toString('hex')}`;
  const deadline = withDeadline(signal, options.patienceMs ?? patienceMs, `POST ${url}`);
  const begun = performance.now();
  try {
    const { status } = await http(
      {
        method: 'POST',
        url,
        headers: {
          'x-aurora-probe': '1',
          'x-session-id': sessionId,
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey.reveal()}` }),
        },
        body: { ...body, sessionId },
        ...(dispatcher === undefined ? {} : { dispatcher }),
      },
      deadline.signal,
    );
    const ms = performance.now() - begun;
    if (status !== 401 && status !== 403) return { status, ms };
    return { unsent: `the key was refused (${status}): nothing was learned of the endpoint` };
  } catch (error) {
    signal.throwIfAborted();
    const unsent = deadline.signal.aborted ? null : unsentReason(error);
    return unsent === null ? { status: null, ms: performance.now() - begun } : { unsent };
  } finally {
    deadline.done();
  }
}

/** Whether an answer is bad by the green and by the red line. No whole answer is, by each. */
function assess(
  metric: ProbedMetric,
  { status, ms }: Answer,
): { readonly bad: boolean; readonly badRed: boolean } {
  if (status === null) return { bad: true, badRed: true };
  if (metric.measure === 'availability') return { bad: status >= 500, badRed: status >= 500 };
  return { bad: ms > metric.green, badRed: ms > (metric.red ?? metric.green) };
}

function add(
  sample: ProbeSample | undefined,
  { bad, badRed }: { readonly bad: boolean; readonly badRed: boolean },
): ProbeSample {
  const before = sample ?? { n: 0, bad: 0, badRed: 0 };
  return {
    n: before.n + 1,
    bad: before.bad + Number(bad),
    badRed: before.badRed + Number(badRed),
  };
}

/**
 * Opens what the first request would open: libraries, dispatcher, connection. Otherwise its time
 * would be aurora's own. Whatever comes back, the probes tell it better.
 */
async function open(slotUrl: string, { dispatcher, signal }: ProbeOptions): Promise<void> {
  const request = { url: `${slotUrl}/api/health`, headers: { 'x-aurora-probe': '1' } };
  const whole = { ...request, timeoutMs: patienceMs, ...(dispatcher ? { dispatcher } : {}) };
  await http(whole, signal).catch(() => signal.throwIfAborted());
}

/**
 * Asks the slot itself what the metrics with a `probe` want to know, one request after the other,
 * and returns what the answers of this look add to each metric. Any answer is an answer, 404 too;
 * only its time and a 5xx count. One that stays away is bad by every line. What could not be sent is
 * no sample; `onUnsent` hears why. Rejects only when aborted.
 */
export async function probeCandidate(
  slo: Slo,
  slotUrl: string,
  options: ProbeOptions,
): Promise<Record<string, ProbeSample>> {
  const samples: Record<string, ProbeSample> = {};
  const questions = questionsOf(slo);
  if (questions.length === 0) return samples;
  const base = slotUrl.replace(/\/$/, '');
  await open(base, options);
  const until = performance.now() + (options.patienceMs ?? patienceMs);
  const times = ({ probe }: ProbedMetric) => options.perLook ?? probe.perLook;
  const most = Math.max(...questions.flatMap(({ metrics }) => metrics.map(times)));
  for (let turn = 0; turn < most; turn += 1) {
    for (const { endpoint, body, metrics } of questions) {
      const asking = metrics.filter((metric) => turn < times(metric));
      if (asking.length === 0 || performance.now() >= until) continue;
      const outcome = await ask(base + endpoint, body, options);
      if ('unsent' in outcome) {
        const ids = asking.map(({ id }) => id);
        options.onUnsent?.(ids, outcome.unsent);
        continue;
      }
      for (const metric of asking) {
        samples[metric.id] = add(samples[metric.id], assess(metric, outcome));
      }
    }
  }
  return samples;
}
