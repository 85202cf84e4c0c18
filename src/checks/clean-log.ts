import { z } from 'zod';
import { formatDuration } from '../base/duration.ts';
import { messageOf } from '../base/errors.ts';
import { logEvidenceAbove } from '../judge/band-test.ts';
import { formatShare } from '../judge/words.ts';
import type { LogWindow } from '../services/logs/logs.ts';
import { type Crash, crashIn, crashResult } from './candidate-slot.ts';
import type { CheckResult } from './check.ts';
import { durationText, plannedMs, scaledMs } from './durations.ts';
import type { CheckContext, CheckKind } from './kind.ts';
import { oneEnvironment } from './scope.ts';
import { attempt, type Measured, unmeasured } from './unmeasured.ts';

const params = z.strictObject({
  environment: oneEnvironment,
  paths: z
    .array(z.string().startsWith('/'))
    .min(1)
    .describe('Route paths, or what they begin with: `/api/concierge/*`.'),
  for: durationText.describe('How long to watch.'),
  every: durationText.describe('How often to look.'),
  maxErrorRate: z
    .number()
    .gt(0)
    .lt(1)
    .describe('Share of answers with a 5xx that is still no spike.'),
  minRequests: z.int().min(1).describe('Fewer requests than this prove nothing.'),
});
export type CleanLogParams = z.infer<typeof params>;

/** What the watch has seen so far. */
export interface LogObservation {
  readonly window: Measured<LogWindow>;
  readonly crash: Crash | null;
  readonly sinceMs: number;
}

/** A spike is called before the end only when it is proven, at this risk over all looks together. */
const alpha = 0.05;

/** Whether more errors than allowed are proven: looking every 30 seconds does not wear it out. */
export function isSpike(window: LogWindow, limits: CleanLogParams): boolean {
  const { requests: n, errors: bad } = window;
  return (
    n >= limits.minRequests &&
    bad > limits.maxErrorRate * n &&
    logEvidenceAbove(limits.maxErrorRate, { bad, n }) >= Math.log(1 / alpha)
  );
}

function judgedStatus(window: LogWindow, limits: CleanLogParams): CheckResult['status'] {
  if (window.requests < limits.minRequests) return 'inconclusive';
  return window.errors > limits.maxErrorRate * window.requests ? 'fail' : 'pass';
}

/** The verdict on what the log showed, at the end of the watch or when it ended early. */
export function assessLog(limits: CleanLogParams, seen: LogObservation): CheckResult {
  const what = {
    id: `clean-log/${limits.environment}`,
    title: `Log of ${limits.environment} without a 5xx spike`,
    expected: `at most ${formatShare(limits.maxErrorRate)} 5xx of at least ${limits.minRequests} requests`,
  };
  if (seen.crash !== null) return crashResult(what, seen.crash);
  if ('error' in seen.window) return unmeasured(what, seen.window.error);
  const { requests: n, errors, errorEntries } = seen.window.value;
  const status = judgedStatus(seen.window.value, limits);
  const rate = n === 0 ? '' : ` (${formatShare(errors / n)})`;
  const remedies: Partial<Record<CheckResult['status'], string>> = {
    fail: 'Look the request ids up in the log; the candidate does not go on with these errors.',
    inconclusive: `Too few requests: ${n} of ${limits.minRequests}. Send traffic and repeat the step.`,
  };
  const remedy = remedies[status];
  return {
    ...what,
    status,
    observed: `${errors} of ${n} requests${rate} in ${formatDuration(seen.sinceMs)}`,
    n,
    ...(remedy === undefined ? {} : { remedy }),
    requestIds: errorEntries.map(({ requestId }) => requestId),
    evidence: {
      requests: n,
      errors,
      otherLines: seen.window.value.otherLines,
      errorEntries: errorEntries.map((entry) => ({ ...entry })),
    },
  };
}

async function observe(
  { environment, paths }: CleanLogParams,
  context: CheckContext,
  since: number,
): Promise<LogObservation> {
  const { services, signal, facts, clock } = context;
  const prefixes = paths.map((path) => path.replace(/\*$/, ''));
  const [window, slots] = await Promise.all([
    attempt(signal, async () => {
      const logs = await services.logs(environment);
      return logs.read({ environment, since, paths: prefixes, build: facts.candidate }, signal);
    }),
    attempt(signal, async () => (await services.driver(environment)).slots(signal)),
  ]);
  const crash = 'value' in slots ? crashIn(slots.value, environment, facts) : null;
  return { window, crash, sinceMs: clock.now() - since };
}

async function watch(limits: CleanLogParams, context: CheckContext): Promise<LogObservation> {
  const { clock, timeScale, signal, progress } = context;
  const since = clock.now();
  const end = since + scaledMs(limits.for, timeScale);
  for (;;) {
    signal.throwIfAborted();
    const seen = await observe(limits, context, since);
    const left = end - clock.now();
    if ('value' in seen.window) {
      const { requests, errors } = seen.window.value;
      progress(`${errors} of ${requests} requests with a 5xx`, { requests, errors, leftMs: left });
    } else progress(`log not readable: ${messageOf(seen.window.error)}`);
    const spike = 'value' in seen.window && isSpike(seen.window.value, limits);
    if (seen.crash !== null || spike || left <= 0) return seen;
    await clock.sleep(Math.min(scaledMs(limits.every, timeScale), left), signal);
  }
}

/** Step 4: watches the candidate's log. Ends early on a crash or a proven spike. */
export const cleanLog: CheckKind<CleanLogParams> = {
  kind: 'clean-log',
  params,
  describe: (p) =>
    `log of ${p.environment} (${p.paths.join(', ')}) for ${formatDuration(plannedMs(p.for))}: ` +
    `at most ${formatShare(p.maxErrorRate)} 5xx of ${p.minRequests} requests or more`,
  run: async (p, context) => [assessLog(p, await watch(p, context))],
};
