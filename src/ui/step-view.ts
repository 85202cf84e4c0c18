import { formatDuration } from '../base/duration.ts';
import type { CheckResult } from '../checks/check.ts';
import type { Plan, PlanStep } from '../plan/plan.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { checkDetails } from '../report/check-detail.ts';
import {
  countChecks,
  elapsedMs,
  errorLabel,
  ownerLabel,
  scaledMs,
  statusWord,
  utcTime,
  verdictWord,
} from '../report/words.ts';
import { padEnd, padStart, textWidth, truncate, wrap } from './text.ts';
import type { Theme } from './theme.ts';

/** What the views are drawn with. */
export interface Canvas {
  readonly theme: Theme;
  /** Columns that a line may take. */
  readonly width: number;
  /** How many lines the details of one step may take. */
  readonly room: number;
  /** Now, milliseconds since the epoch, for what still runs. */
  readonly now: number;
}

/** One row of the task list. */
export interface RowView {
  readonly status: 'waiting' | 'running' | 'done';
  /** Painted sign in front of the row once it is done. */
  readonly sign: string;
  /** The row itself, then its details, without the sign. */
  readonly lines: readonly string[];
}

/** The nine rows of a release. */
export function stepRows(state: ReleaseState, plan: Plan, canvas: Canvas): readonly RowView[] {
  return plan.steps.map((row) => {
    const step = state.steps.get(row.step);
    const status = rowStatus(state, step);
    const details = step === undefined ? [] : stepDetails(state, step, status, canvas);
    return {
      status,
      sign: signOf(step, canvas.theme),
      lines: [head(state, plan, row, canvas), ...details],
    };
  });
}

function rowStatus(state: ReleaseState, step: StepState | undefined): RowView['status'] {
  if (step === undefined) return 'waiting';
  return step.status === 'ended' || state.rollback !== null || state.status === 'ended'
    ? 'done'
    : 'running';
}

function signOf(step: StepState | undefined, theme: Theme): string {
  if (step === undefined) return theme.quiet(theme.symbols.waiting);
  return step.verdict === null ? theme.hold(theme.symbols.running) : theme.verdict(step.verdict);
}

/** `3/9  Smoke checklist on staging  QA Lead (Jamie P.)  go, 6 checks passed      2.1 s of 30 s`. */
function head(state: ReleaseState, plan: Plan, row: PlanStep, canvas: Canvas): string {
  const { theme, width } = canvas;
  const step = state.steps.get(row.step);
  const widest = (texts: readonly string[]) => Math.max(...texts.map(textWidth));
  const titles = Math.min(widest(plan.steps.map((r) => r.title)), Math.floor(width * 0.4));
  const owners = width < 76 ? 0 : widest(plan.steps.map((r) => ownerLabel(r.owner)));
  const number = `${row.step}/${plan.steps.length}`;
  const time = timeLabel(state, row, canvas.now);
  const title = padEnd(truncate(row.title, titles, theme.symbols.ellipsis), titles);
  const owner = owners === 0 ? '' : `  ${padEnd(ownerLabel(row.owner), owners)}`;
  const left = `${number}  ${title}${owner}`;
  const space = width - textWidth(left) - textWidth(time) - 4;
  const word = padEnd(
    truncate(outcomeLabel(step), space, theme.symbols.ellipsis),
    Math.max(0, space),
  );
  if (step === undefined) return theme.quiet(`${left}  ${word}  ${time}`);
  const paint = step.verdict === null ? theme.strong : theme.tone(step.verdict);
  return `${number}  ${theme.strong(title)}${theme.quiet(owner)}  ${paint(word)}  ${theme.quiet(time)}`;
}

function outcomeLabel(step: StepState | undefined): string {
  if (step === undefined) return '';
  if (step.verdict !== null) {
    const approval = step.approval === null ? '' : `, approved by ${step.approval.by}`;
    const checks = step.checks.length === 0 ? '' : `, ${countChecks(step.checks)}`;
    return `${verdictWord(step.verdict)}${approval === '' ? checks : approval}`;
  }
  if (step.request !== null && step.approval === null) return 'waits for approval';
  return step.checks.length === 0 ? 'running' : countChecks(step.checks);
}

const timeWidth = 16;

/** `2.1 s of 30 s`: what it took and what the plan allows, both on the clock of this release. */
function timeLabel(state: ReleaseState, row: PlanStep, now: number): string {
  const step = state.steps.get(row.step);
  const planned = formatDuration(scaledMs(row.durationMs, state.created?.timeScale ?? 1));
  if (step === undefined) return padStart(planned, timeWidth);
  const ended = elapsedMs(step.startedAt, step.endedAt);
  const running = Math.floor((now - Date.parse(step.startedAt)) / 1_000) * 1_000;
  const took = ended ?? Math.max(0, running);
  return padStart(`${formatDuration(took)} of ${planned}`, timeWidth);
}

function stepDetails(
  state: ReleaseState,
  step: StepState,
  status: RowView['status'],
  canvas: Canvas,
): readonly string[] {
  const effects = effectLines(state, step, canvas);
  const approval = approvalLines(step, canvas);
  if (status === 'done') {
    if (step.verdict === 'go') return [];
    const bad = step.checks.filter((check) => check.status !== 'pass');
    const shown = bad.flatMap((check) => failedCheck(check, canvas));
    const reasons = bad.length > 0 ? [] : step.reasons.map((reason) => cut(reason, 4, canvas));
    return [...effects.failed, ...shown, ...reasons, ...approval];
  }
  const progress = step.progress === null ? [] : [runningLine(step.progress, canvas)];
  const room = Math.max(3, canvas.room - approval.length - progress.length);
  const recent = latest(
    [...effects.all, ...step.checks.map((c) => checkLine(c, canvas))],
    room,
    canvas,
  );
  return [...recent, ...progress, ...approval];
}

function latest(lines: readonly string[], room: number, { theme }: Canvas): readonly string[] {
  if (lines.length <= room) return lines;
  const hidden = lines.length - room + 1;
  return [theme.quiet(`    ${theme.symbols.ellipsis} ${hidden} above`), ...lines.slice(hidden)];
}

function cut(text: string, indent: number, { width, theme }: Canvas): string {
  return ' '.repeat(indent) + truncate(text, width - indent, theme.symbols.ellipsis);
}

function runningLine(text: string, canvas: Canvas): string {
  const { theme } = canvas;
  return `    ${theme.symbols.running} ${cut(text, 0, { ...canvas, width: canvas.width - 6 })}`;
}

function checkLine(check: CheckResult, canvas: Canvas): string {
  const { theme } = canvas;
  const word = check.status === 'pass' ? '' : `${statusWord(check.status)}: `;
  const text = `${word}${check.title}`;
  const observed = theme.quiet(` ${check.observed}`);
  return `    ${theme.status(check.status)} ${cut(text + observed, 0, { ...canvas, width: canvas.width - 6 })}`;
}

/** A check that did not pass stays on the screen with everything that helps; long text wraps. */
function failedCheck(check: CheckResult, canvas: Canvas): readonly string[] {
  const { theme } = canvas;
  const head = `    ${theme.status(check.status)} ${statusWord(check.status)}: ${theme.strong(check.title)}`;
  const details = checkDetails(check).flatMap(([label, text]) =>
    wrap(text, canvas.width - 17).map((line, index) => {
      const name = theme.quiet(padEnd(index === 0 ? label : '', 9));
      return `      ${name}${line}`;
    }),
  );
  return [head, ...details];
}

function effectLines(
  state: ReleaseState,
  step: StepState,
  canvas: Canvas,
): { all: readonly string[]; failed: readonly string[] } {
  const { theme } = canvas;
  const own = [...state.effects.values()].filter((effect) => effect.step === step.step);
  const signs = {
    running: theme.symbols.running,
    done: theme.status('pass'),
    failed: theme.status('fail'),
    undone: theme.rollback(theme.symbols.undo),
    'undo-failed': theme.status('fail'),
  } as const;
  const words = {
    running: '',
    done: '',
    failed: 'failed: ',
    undone: 'undone: ',
    'undo-failed': 'NOT undone: ',
  } as const;
  const line = (effect: (typeof own)[number]) => {
    const seen = effect.error === undefined ? (effect.observed ?? '') : errorLabel(effect.error);
    const text = `${words[effect.status]}${effect.title}${theme.quiet(seen === '' ? '' : ` ${seen}`)}`;
    return `    ${signs[effect.status]} ${cut(text, 0, { ...canvas, width: canvas.width - 6 })}`;
  };
  return {
    all: own.map(line),
    failed: own.filter((effect) => effect.status !== 'done').map(line),
  };
}

/** A word that is waited for stays visible: who, until when, and the exact command, never cut. */
function approvalLines(step: StepState, { theme, width }: Canvas): readonly string[] {
  if (step.rejection !== null) {
    const { by, role, reason } = step.rejection;
    return [`    ${theme.status('fail')} rejected by ${by} (${role}): ${reason}`];
  }
  if (step.request === null || step.approval !== null) return [];
  const { role, name, expiresAt, command } = step.request;
  const until = `until ${utcTime(new Date(expiresAt).toISOString()).slice(0, 5)} UTC`;
  return [
    `    ${theme.hold(theme.symbols.hold)} waits for ${theme.strong(ownerLabel({ role, name }))}, ${until}`,
    ...wrap(command, width - 8).map((line) => `      ${theme.command(line)}`),
  ];
}
