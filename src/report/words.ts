import { formatDuration } from '../base/duration.ts';
import type { CheckResult, CheckStatus, Verdict } from '../checks/check.ts';
import type { Owner, Plan, PlanStep } from '../plan/plan.ts';
import { shortDigest } from '../proof/digest.ts';
import type { BuildIdentity, Outcome, RecordedError } from '../release/events.ts';
import type { ReleaseState } from '../release/state.ts';

/** `DevOps (Alex W.)`, as the plan writes an owner. */
export function ownerLabel(owner: Owner): string {
  return owner.name === null ? owner.role : `${owner.role} (${owner.name})`;
}

/** `concierge 1.4.0 (build 3f2a9c1b7d0e)`. */
export function buildLabel(build: BuildIdentity): string {
  return `${build.name} ${build.version} (build ${shortDigest(build.digest)})`;
}

/** A planned duration: `30 min`, and in a rehearsal `30 min (30 s, x60)`. Milliseconds. */
export function plannedLabel(plannedMs: number, timeScale: number): string {
  const planned = formatDuration(plannedMs);
  if (timeScale === 1) return planned;
  return `${planned} (${formatDuration(plannedMs / timeScale)}, x${timeScale})`;
}

/** What a step really takes by plan, milliseconds: its planned duration over the time scale. */
export function scaledMs(plannedMs: number, timeScale: number): number {
  return timeScale > 0 ? plannedMs / timeScale : plannedMs;
}

/** `step 3/9 smoke`: the stable name of a step in lines that scripts may read. */
export function stepLabel(plan: Plan, step: number): string {
  // Acts outside the nine steps are written down under step 0.
  if (step === 0) return 'outside the steps';
  const found = planStep(plan, step);
  return `step ${step}/${plan.steps.length}${found === undefined ? '' : ` ${found.id}`}`;
}

/** The plan's row of a step; undefined when the journal is of another plan. */
export function planStep(plan: Plan, step: number): PlanStep | undefined {
  return plan.steps.find((row) => row.step === step);
}

const statusWords: Readonly<Record<CheckStatus, string>> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'inconclusive',
  error: 'not measured',
};

/** The word of a check status for people. */
export function statusWord(status: CheckStatus): string {
  return statusWords[status];
}

/** How many checks ended how: `6 checks passed`, `4 of 6 checks passed, 1 failed, 1 not measured`. */
export function countChecks(checks: readonly CheckResult[]): string {
  if (checks.length === 0) return 'no checks';
  const noun = checks.length === 1 ? 'check' : 'checks';
  const count = (status: CheckStatus) => checks.filter((c) => c.status === status).length;
  if (count('pass') === checks.length) return `${checks.length} ${noun} passed`;
  const others = (['fail', 'inconclusive', 'error'] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${count(status)} ${statusWord(status)}`);
  return `${count('pass')} of ${checks.length} ${noun} passed, ${others.join(', ')}`;
}

/** The same for narrow places: `6 checks passed`, `1 of 6 failed`. */
export function countShort(checks: readonly CheckResult[]): string {
  const bad = checks.filter((check) => check.status !== 'pass');
  if (bad.length === 0) return countChecks(checks);
  const [first] = bad;
  const alike = bad.every((check) => check.status === first?.status);
  const word = alike && first !== undefined ? statusWord(first.status) : 'not passed';
  return `${bad.length} of ${checks.length} ${word}`;
}

const verdictWords: Readonly<Record<Verdict, string>> = {
  go: 'go',
  'no-go': 'NO-GO',
  hold: 'HOLD',
  rollback: 'ROLLBACK',
};

/** The word of a verdict; everything that is not a go stands out without colour too. */
export function verdictWord(verdict: Verdict): string {
  return verdictWords[verdict];
}

const outcomeWords: Readonly<Record<Outcome, string>> = {
  released: 'released',
  'no-go': 'no-go',
  'rolled-back': 'rolled back',
  'rollback-incomplete': 'ROLLBACK INCOMPLETE',
  aborted: 'aborted',
  'rollback-only': 'rolled back (no release behind it)',
  done: 'done',
};

/** How a release ended, in words. */
export function outcomeWord(outcome: Outcome): string {
  return outcomeWords[outcome];
}

/** A known error as one line: code, what failed, where. Its remedy is told apart. */
export function errorLabel(error: RecordedError): string {
  const where = error.where === undefined ? '' : ` (${error.where})`;
  return `${error.code}: ${error.message}${where}`;
}

/** `2025-11-22 04:43:07`: an ISO instant for people who know that it is UTC. */
export function utcLabel(iso: string): string {
  return iso === '' ? '-' : iso.slice(0, 19).replace('T', ' ');
}

/** `04:43:07` of an ISO instant, UTC. */
export function utcTime(iso: string): string {
  return iso.slice(11, 19);
}

/** Milliseconds between two ISO instants; undefined while one of them is open. */
export function elapsedMs(from: string | null, to: string | null): number | undefined {
  if (from === null || to === null || from === '' || to === '') return undefined;
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

/** A duration that may still be open: `2.1 s`, or `-`. */
export function elapsedLabel(from: string | null, to: string | null): string {
  const ms = elapsedMs(from, to);
  return ms === undefined ? '-' : formatDuration(ms);
}

/** What the watch windows of a step were divided by. */
export function scaleOf(state: ReleaseState, step: number): number {
  return state.steps.get(step)?.timeScale ?? state.created?.timeScale ?? 1;
}
