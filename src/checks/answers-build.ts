import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { z } from 'zod';
import { parseDuration } from '../base/duration.ts';
import type { EnvironmentName } from '../base/environments.ts';
import { shortDigest } from '../proof/digest.ts';
import { http } from '../services/http/request.ts';
import type { CheckResult } from './check.ts';
import type { CheckContext, CheckKind, ReleaseFacts } from './kind.ts';
import { oneEnvironment } from './scope.ts';
import { attempt, type Measured, unmeasured } from './unmeasured.ts';

const params = z.strictObject({
  environment: oneEnvironment,
  percent: z
    .number()
    .gt(0)
    .max(100)
    .describe('100: every session gets the candidate; less: some do, others get what they had.'),
  sessions: z
    .int()
    .min(1)
    .max(2_000)
    .default(200)
    .describe('How many fresh sessions ask; below 100 %, at most.'),
  path: z.string().startsWith('/').default('/api/health').describe('What they ask for.'),
  within: z
    .string()
    .refine((text) => parseDuration(text) !== undefined, 'expected a duration such as 15 s')
    .default('15 s')
    .describe('How long routers may take to notice a change; never shortened in a rehearsal.'),
});
type Params = z.infer<typeof params>;

const askedAtOnce = 20;
const pauseBetweenRounds = 500;
const none = '(no build named)';

/** How many sessions were answered by which build, and how many got no proper answer. */
export interface BuildCounts {
  readonly byBuild: Readonly<Record<string, number>>;
  /** Answers that were not 200, by status. */
  readonly refused: Readonly<Record<string, number>>;
}

type Facts = Pick<ReleaseFacts, 'candidate' | 'stable' | 'percent' | 'stage'>;

/** The share that customers have: a release that went on may be past the one that is asked for. */
const shareNow = ({ percent }: Params, facts: Facts) =>
  facts.stage === percent ? Math.max(percent, facts.percent ?? 0) : percent;

function describeShare({ environment, percent, sessions }: Params, facts: Facts) {
  const candidate = shortDigest(facts.candidate);
  const others = facts.stable === null ? '' : `, others by ${shortDigest(facts.stable)}`;
  return {
    // A plan with stages asks at each of them.
    id: `answers-build/${environment}${percent === 100 ? '' : `/${percent}`}`,
    title: `who answers fresh sessions in ${environment}`,
    expected:
      percent === 100
        ? `all of ${sessions} sessions answered by ${candidate}`
        : `some of up to ${sessions} sessions answered by ${candidate}${others}`,
  };
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function countsText({ byBuild, refused }: BuildCounts): string {
  const builds = Object.entries(byBuild).map(
    ([build, count]) => `${count} by ${build === none ? build : shortDigest(build)}`,
  );
  const refusals = Object.entries(refused).map(([status, count]) => `${count} with ${status}`);
  return [...builds, ...refusals].join(', ') || 'no answer';
}

function fits(wanted: Params, facts: Facts, counts: BuildCounts): boolean {
  const { candidate, stable } = facts;
  const byCandidate = counts.byBuild[candidate] ?? 0;
  const asked = total(counts.byBuild) + total(counts.refused);
  if (shareNow(wanted, facts) === 100) return byCandidate === asked && asked > 0;
  // At a first launch nobody else can answer: then the others are refused, and that is as it was.
  if (stable === null) return byCandidate > 0 && total(counts.byBuild) === byCandidate;
  const byStable = counts.byBuild[stable] ?? 0;
  return byCandidate > 0 && byStable > 0 && byCandidate + byStable === asked;
}

/** Whether the right builds answered. Pure. */
export function assessBuilds(wanted: Params, facts: Facts, counts: BuildCounts): CheckResult {
  const passed = fits(wanted, facts, counts);
  return {
    ...describeShare(wanted, facts),
    status: passed ? 'pass' : 'fail',
    observed: countsText(counts),
    n: total(counts.byBuild) + total(counts.refused),
    ...(passed
      ? {}
      : { remedy: 'Look at the edge and the flag: `aurora status` shows who gets the traffic.' }),
  };
}

interface Answered {
  readonly status: number;
  readonly build: string | null;
}

async function askOnce(
  environment: EnvironmentName,
  path: string,
  { environments, signal }: CheckContext,
): Promise<Answered> {
  const { origin, dispatcher } = environments[environment];
  const headers = { 'x-session-id': `sess_probe_${randomBytes(8).toString('hex')}` };
  const { status, headers: answered } = await http(
    { url: origin + path, headers, dispatcher },
    signal,
  );
  return { status, build: answered['x-aurora-build'] ?? null };
}

function count(answers: readonly Answered[]): BuildCounts {
  const byBuild: Record<string, number> = {};
  const refused: Record<string, number> = {};
  for (const { status, build } of answers) {
    if (status === 200) byBuild[build ?? none] = (byBuild[build ?? none] ?? 0) + 1;
    else refused[status] = (refused[status] ?? 0) + 1;
  }
  return { byBuild, refused };
}

/** One round of fresh sessions; below 100 % it ends as soon as it has seen what it looks for. */
async function askRound(wanted: Params, context: CheckContext): Promise<BuildCounts> {
  const answers: Answered[] = [];
  while (answers.length < wanted.sessions) {
    const size = Math.min(askedAtOnce, wanted.sessions - answers.length);
    const some = Array.from({ length: size }, () =>
      askOnce(wanted.environment, wanted.path, context),
    );
    answers.push(...(await Promise.all(some)));
    if (shareNow(wanted, context.facts) < 100 && fits(wanted, context.facts, count(answers))) break;
  }
  return count(answers);
}

/**
 * Asks in rounds until one of them fits or the time is up; the last round is the observation. A
 * round without an answer is asked again too: routers restart.
 */
async function observe(wanted: Params, context: CheckContext): Promise<Measured<BuildCounts>> {
  const { clock, signal } = context;
  // All sessions that ask at once wait on one signal: no leak.
  setMaxListeners(0, signal);
  const until = clock.now() + (parseDuration(wanted.within) ?? 0);
  for (;;) {
    const round = await attempt(signal, () => askRound(wanted, context));
    const isDone = 'value' in round && fits(wanted, context.facts, round.value);
    if (isDone || clock.now() >= until) return round;
    await clock.sleep(pauseBetweenRounds, signal);
  }
}

/** Steps 4, 6 and 8: which build answers fresh sessions, as seen from outside? */
export const answersBuild: CheckKind<Params> = {
  kind: 'answers-build',
  params,
  describe: ({ environment, percent, sessions }) =>
    percent === 100
      ? `all of ${sessions} fresh sessions in ${environment} get the candidate`
      : `some of up to ${sessions} fresh sessions in ${environment} get the candidate`,
  run: async (wanted, context) => {
    const counts = await observe(wanted, context);
    return [
      'error' in counts
        ? unmeasured(describeShare(wanted, context.facts), counts.error)
        : assessBuilds(wanted, context.facts, counts.value),
    ];
  },
};
