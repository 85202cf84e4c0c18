import { formatDuration } from '../base/duration.ts';
import { redact } from '../base/redact.ts';
import type { CheckResult } from '../checks/check.ts';
import type { Plan, PlanStep } from '../plan/plan.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { exitOf } from './exit.ts';
import { nextStep } from './next-step.ts';
import {
  buildLabel,
  countChecks,
  elapsedMs,
  outcomeWord,
  ownerLabel,
  statusWord,
  verdictWord,
} from './words.ts';

/** Text inside a table's cell: what divides cells or lines must not. */
function cell(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\r\n]+/g, '<br>');
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

function verdictCell(step: StepState | undefined): string {
  if (step === undefined) return 'not reached';
  if (step.skipped !== null) return 'skipped';
  if (step.verdict !== null) return verdictWord(step.verdict);
  return step.request === null ? 'open' : 'waiting';
}

function stepRow(planned: PlanStep, step: StepState | undefined): string {
  const took = step === undefined ? undefined : elapsedMs(step.startedAt, step.endedAt);
  return row(
    String(planned.step),
    planned.title,
    ownerLabel(planned.owner),
    verdictCell(step),
    step === undefined ? '' : countChecks(step.checks),
    took === undefined ? '' : formatDuration(took),
  );
}

function badRow(number: number, check: CheckResult): string {
  const remedy = check.remedy === undefined ? '' : `\n${check.remedy}`;
  const ids = (check.requestIds ?? []).length === 0 ? '' : `\n${check.requestIds?.join(' ')}`;
  return row(
    String(number),
    `${check.title} (${statusWord(check.status)})`,
    check.expected,
    `${check.observed}${remedy}${ids}`,
  );
}

function standing(state: ReleaseState, exit: number | null): string {
  const word = state.outcome === null ? state.status : outcomeWord(state.outcome);
  return exit === null ? word : `${word} (exit ${exit})`;
}

function troubles(state: ReleaseState): readonly string[] {
  const bad = [...state.steps.values()].flatMap((step) =>
    step.checks.filter(({ status }) => status !== 'pass').map((check) => badRow(step.step, check)),
  );
  if (bad.length === 0) return [];
  const head = ['| step | check | expected | observed |', '|---|---|---|---|'];
  return ['', '#### What did not pass', '', ...head, ...bad];
}

/**
 * A release on one page of Markdown, for the summary of a CI run: each step with its verdict, what
 * did not pass with what to do, and what comes next. `exit` is that of the verb, where it is not
 * the release's own: a gate that was a go ends with 0 in a release that goes on. Secrets redacted.
 */
export function summaryMarkdown(
  state: ReleaseState,
  plan: Plan,
  exit: number | null = exitOf(state),
): string {
  const next = nextStep(state, plan);
  const about = state.build === null ? state.id : `${buildLabel(state.build)}, \`${state.id}\``;
  const lines = [
    `### aurora: ${standing(state, exit)}`,
    '',
    about,
    '',
    '| step | | owner | verdict | checks | took |',
    '|---|---|---|---|---|---|',
    ...plan.steps.map((planned) => stepRow(planned, state.steps.get(planned.step))),
    ...troubles(state),
    '',
    `**next:** ${next.who} must ${next.what}`,
    ...(next.command === null ? [] : ['', '```sh', next.command, '```']),
    '',
  ];
  return redact(lines.join('\n'));
}
