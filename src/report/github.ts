import { redact } from '../base/redact.ts';
import type { CheckResult, Verdict } from '../checks/check.ts';
import type { Plan } from '../plan/plan.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { ownerLabel, stepLabel, verdictWord } from './words.ts';

/** How loud an annotation is on the page of a run. */
export type AnnotationLevel = 'error' | 'warning' | 'notice';

/** One annotation of a GitHub Actions run. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly title: string;
  readonly message: string;
}

/** GitHub's own escapes of a workflow command's message: percent and line ends. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Of a property, where colon and comma divide as well. */
function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * An annotation as the runner reads it from a line of output. Format: "Workflow commands for GitHub
 * Actions", docs.github.com. Secrets redacted before escaping, so that none hides behind a `%25`.
 */
export function annotationLine({ level, title, message }: Annotation): string {
  return `::${level} title=${escapeProperty(redact(title))}::${escapeData(redact(message))}`;
}

/** What stops a release is an error; what holds it, or was too little to judge, a warning. */
function levelOf(check: CheckResult, { verdict }: StepState): AnnotationLevel {
  if (verdict === 'hold' || verdict === null) return 'warning';
  return check.status === 'inconclusive' && verdict !== 'no-go' ? 'warning' : 'error';
}

function checkAnnotation(check: CheckResult, level: AnnotationLevel, place: string): Annotation {
  const ids = check.requestIds ?? [];
  const lines = [
    `expected ${check.expected}, observed ${check.observed}`,
    ...(check.remedy === undefined ? [] : [check.remedy]),
    ...(ids.length === 0 ? [] : [`request ids: ${ids.join(' ')}`]),
  ];
  return { level, title: `${place}: ${check.title}`, message: lines.join('\n') };
}

/** A step that somebody passed over: it has not been a go, and the page must not look as if. */
function skippedAnnotation(skipped: NonNullable<StepState['skipped']>, plan: Plan): Annotation {
  const { step, by, role, reason } = skipped;
  const title = `${stepLabel(plan, step)} was skipped by ${by} (${role})`;
  return { level: 'warning', title, message: reason };
}

/** The annotations of one step: each check that did not pass, or who is waited for. */
function stepAnnotations(step: StepState, plan: Plan): readonly Annotation[] {
  if (step.skipped !== null) return [skippedAnnotation(step.skipped, plan)];
  const bad = step.checks.filter((check) => check.status !== 'pass');
  if (bad.length > 0) {
    const place = stepLabel(plan, step.step);
    return bad.map((check) => checkAnnotation(check, levelOf(check, step), place));
  }
  if (step.verdict === null && step.request !== null) {
    const who = ownerLabel(step.request);
    const title = `${stepLabel(plan, step.step)} waits for ${who}`;
    return [{ level: 'notice', title, message: step.request.command }];
  }
  if (step.verdict === null || step.verdict === 'go') return [];
  const title = `${stepLabel(plan, step.step)}: ${verdictWord(step.verdict)}`;
  const level = step.verdict === 'hold' ? 'warning' : 'error';
  return [{ level, title, message: step.reasons.join('\n') }];
}

/** Somebody lets the release stand still: nothing failed, and nothing will move by itself. */
function pauseAnnotation({ hold, status }: ReleaseState, plan: Plan): readonly Annotation[] {
  if (status !== 'held' || hold?.waitsFor !== 'person') return [];
  const title = `${stepLabel(plan, hold.step)} waits for a person`;
  return [{ level: 'notice', title, message: hold.reason }];
}

/** So many of a level the page of a run shows; it drops the others without a word. */
const shownOfLevel = 10;

/** No more than the page shows, and a word of how many it does not. */
function capped(all: readonly Annotation[], level: AnnotationLevel): readonly Annotation[] {
  const these = all.filter((one) => one.level === level);
  if (these.length <= shownOfLevel) return these;
  const left = these.length - (shownOfLevel - 1);
  const message = 'The summary of the run and the JUnit report list all of them.';
  return [...these.slice(0, shownOfLevel - 1), { level, title: `${left} more`, message }];
}

/** The annotations of a release: those of the steps that are no go, what is worst first. */
export function releaseAnnotations(state: ReleaseState, plan: Plan): readonly Annotation[] {
  const steps = [...state.steps.values()].flatMap((step) => stepAnnotations(step, plan));
  const all = [...steps, ...pauseAnnotation(state, plan)];
  return (['error', 'warning', 'notice'] as const).flatMap((level) => capped(all, level));
}

/** The annotations of checks outside a release. */
export function checksAnnotations(
  title: string,
  checks: readonly CheckResult[],
): readonly Annotation[] {
  const bad = checks.filter((check) => check.status !== 'pass');
  return capped(
    bad.map((check) => checkAnnotation(check, 'error', title)),
    'error',
  );
}

/**
 * The verdict that CI goes by: of this step, else of the newest one. Empty while there is none: a
 * word is missing, or the run broke off.
 */
export function verdictOf(state: ReleaseState, step?: number): Verdict | '' {
  if (step === undefined && state.rollback !== null) return 'rollback';
  const number = step ?? Math.max(...state.steps.keys());
  return state.steps.get(number)?.verdict ?? '';
}

/** Lines for `$GITHUB_OUTPUT`, and for any dotenv file: `NAME=value`. */
export function outputLines(
  values: Readonly<Record<string, string | number | null>>,
): readonly string[] {
  return Object.entries(values).map(
    ([name, value]) => `${name}=${String(value ?? '').replaceAll(/[\r\n]+/g, ' ')}`,
  );
}
