import { redact } from '../base/redact.ts';
import type { CheckResult } from '../checks/check.ts';
import type { Plan } from '../plan/plan.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { stepLabel, verdictWord } from './words.ts';

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

/** What a check that did not pass is worth: what stops a release is an error, what holds it a warning. */
function levelOf(check: CheckResult, step: StepState): AnnotationLevel {
  if (step.verdict === 'hold' || step.verdict === null) return 'warning';
  return check.status === 'inconclusive' && step.verdict !== 'no-go' ? 'warning' : 'error';
}

function checkAnnotation(check: CheckResult, step: StepState, plan: Plan): Annotation {
  const lines = [
    `expected ${check.expected}, observed ${check.observed}`,
    ...(check.remedy === undefined ? [] : [check.remedy]),
    ...(check.requestIds === undefined || check.requestIds.length === 0
      ? []
      : [`request ids: ${check.requestIds.join(' ')}`]),
  ];
  const title = `${stepLabel(plan, step.step)}: ${check.title}`;
  return { level: levelOf(check, step), title, message: lines.join('\n') };
}

/** The annotations of one step: each check that did not pass, or who is waited for. */
function stepAnnotations(step: StepState, plan: Plan): readonly Annotation[] {
  const bad = step.checks.filter((check) => check.status !== 'pass');
  if (bad.length > 0) return bad.map((check) => checkAnnotation(check, step, plan));
  if (step.verdict === null && step.request !== null) {
    const who = step.request.name ?? step.request.role;
    const title = `${stepLabel(plan, step.step)} waits for ${who}`;
    return [{ level: 'notice', title, message: step.request.command }];
  }
  if (step.verdict === null || step.verdict === 'go') return [];
  const title = `${stepLabel(plan, step.step)}: ${verdictWord(step.verdict)}`;
  return [{ level: 'error', title, message: step.reasons.join('\n') }];
}

/** The annotations of a release: those of the steps that are no go. */
export function releaseAnnotations(state: ReleaseState, plan: Plan): readonly Annotation[] {
  const failure = state.failure?.error;
  const broken: readonly Annotation[] =
    failure === undefined
      ? []
      : [
          {
            level: 'error',
            title: failure.code,
            message: [failure.message, failure.remedy ?? ''].join('\n').trim(),
          },
        ];
  return [...[...state.steps.values()].flatMap((step) => stepAnnotations(step, plan)), ...broken];
}

/** Lines for `$GITHUB_OUTPUT`, and for any dotenv file: `NAME=value`. */
export function outputLines(
  values: Readonly<Record<string, string | number | null>>,
): readonly string[] {
  return Object.entries(values).map(
    ([name, value]) => `${name}=${String(value ?? '').replaceAll(/[\r\n]+/g, ' ')}`,
  );
}
