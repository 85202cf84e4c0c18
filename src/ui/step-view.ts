import { formatDuration } from '../base/duration.ts';
import type { Plan, PlanStep } from '../plan/plan.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { approvedBy, wantsWord } from '../report/approval-words.ts';
import {
  countShort,
  elapsedMs,
  ownerLabel,
  scaledMs,
  scaleOf,
  verdictWord,
} from '../report/words.ts';
import type { Canvas, RowView } from './canvas.ts';
import { stepDetails } from './step-details.ts';
import { padEnd, padStart, textWidth, truncate } from './text.ts';

/** Owners are left out where they would squeeze the outcome below this. */
const leastWord = 20;
/** Of the width, what titles may take at most. */
const titleShare = 0.4;

/** The nine rows of a release. */
export function stepRows(state: ReleaseState, plan: Plan, canvas: Canvas): readonly RowView[] {
  const columns = columnsOf(state, plan, canvas);
  return plan.steps.map((row) => {
    const step = state.steps.get(row.step);
    const status = rowStatus(state, step);
    const details = step === undefined ? [] : stepDetails(state, step, status === 'done', canvas);
    return { status, lines: [head(state, row, columns, canvas), ...details] };
  });
}

function rowStatus(state: ReleaseState, step: StepState | undefined): RowView['status'] {
  if (step === undefined) return 'waiting';
  return step.status === 'ended' || state.rollback !== null || state.status === 'ended'
    ? 'done'
    : 'running';
}

function signOf(step: StepState | undefined, { theme, spin }: Canvas): string {
  if (step === undefined) return theme.symbols.waiting;
  return step.verdict === null ? theme.hold(spin) : theme.verdict(step.verdict);
}

interface Columns {
  /** How many steps there are. */
  readonly steps: number;
  readonly title: number;
  readonly owner: number;
  readonly word: number;
  readonly time: number;
}

/** Widths that keep the nine rows aligned; what is left over is for the outcome. */
function columnsOf(state: ReleaseState, plan: Plan, { width, now }: Canvas): Columns {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map(textWidth));
  const steps = plan.steps.length;
  const titles = widest(plan.steps.map((row) => row.title));
  const title = Math.min(titles, Math.floor(width * titleShare));
  const owners = widest(plan.steps.map((row) => ownerLabel(row.owner))) + 2;
  const time = widest(plan.steps.map((row) => timeLabel(state, row, now)));
  const signAndGaps = 2 + 2 + 2 + 2;
  const left = width - signAndGaps - `${steps}/${steps}`.length - title - time;
  const owner = left - owners >= leastWord ? owners : 0;
  const word = Math.max(0, left - owner);
  return { steps, title, owner, word, time };
}

/** `+ 3/9  Smoke checklist on staging  QA Lead (Jamie P.)  go, 6 checks passed   2.1 s of 30 s`. */
function head(state: ReleaseState, row: PlanStep, columns: Columns, canvas: Canvas): string {
  const { theme } = canvas;
  const { ellipsis } = theme.symbols;
  const step = state.steps.get(row.step);
  const number = padStart(
    `${row.step}/${columns.steps}`,
    `${columns.steps}/${columns.steps}`.length,
  );
  const title = padEnd(truncate(row.title, columns.title, ellipsis), columns.title);
  const owner = columns.owner === 0 ? '' : padEnd(`  ${ownerLabel(row.owner)}`, columns.owner);
  const word = padEnd(truncate(outcomeLabel(step), columns.word, ellipsis), columns.word);
  const time = padStart(timeLabel(state, row, canvas.now), columns.time);
  const sign = signOf(step, canvas);
  if (step === undefined)
    return theme.quiet(`${sign} ${number}  ${title}${owner}  ${word}  ${time}`);
  const paint = step.verdict === null ? theme.strong : theme.tone(step.verdict);
  return `${sign} ${number}  ${theme.strong(title)}${theme.quiet(owner)}  ${paint(word)}  ${theme.quiet(time)}`;
}

function outcomeLabel(step: StepState | undefined): string {
  if (step === undefined) return '';
  if (step.skipped !== null) return `skipped by ${step.skipped.by}`;
  if (step.verdict !== null) {
    const approvers = approvedBy(step);
    const by = approvers === undefined ? '' : `, by ${approvers}`;
    const checks = step.checks.length === 0 ? '' : `, ${countShort(step.checks)}`;
    return `${verdictWord(step.verdict)}${by === '' ? checks : by}`;
  }
  if (wantsWord(step)) return 'waiting';
  return step.checks.length === 0 ? 'running' : countShort(step.checks);
}

/** `2.1 s of 30 s`: what it took and what the plan allows, both on the clock of this release. */
function timeLabel(state: ReleaseState, row: PlanStep, now: number): string {
  const step = state.steps.get(row.step);
  const planned = formatDuration(scaledMs(row.durationMs, scaleOf(state, row.step)));
  if (step === undefined) return planned;
  // What still runs is told in whole seconds: a flickering tail says nothing.
  const running = Math.max(0, Math.floor((now - Date.parse(step.startedAt)) / 1_000)) * 1_000;
  const took = elapsedMs(step.startedAt, step.endedAt) ?? running;
  return `${took === 0 ? '0 s' : formatDuration(took)} of ${planned}`;
}
