import type { Plan } from '../plan/plan.ts';
import type { BuildIdentity } from '../release/events.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { approvedBy } from './approval-words.ts';
import { cell, codeCell, inline, markdownTable, paragraphs } from './markdown.ts';
import { nextStep } from './next-step.ts';
import {
  elapsedLabel,
  elapsedMs,
  outcomeWord,
  ownerLabel,
  plannedLabel,
  scaleOf,
  utcLabel,
  verdictWord,
} from './words.ts';

/** Title, facts and what comes next. */
export function ticketHeader(state: ReleaseState, plan: Plan): string {
  const { created } = state;
  const title = state.build === null ? state.id : `${state.build.name} ${state.build.version}`;
  const rows: [string, string][] = [
    ['Release', codeCell(state.id)],
    ['Outcome', `**${outcomeLabel(state)}**`],
    ['Build', buildCell(state.build)],
    ['Stable build before', created === null ? 'unknown' : buildCell(created.stable)],
    ['Plan', `${cell(plan.title)}, version ${plan.version} of ${plan.date}`],
    ['Plan digest', codeCell(created?.plan.digest ?? plan.digest)],
    ['Started', `${utcLabel(state.createdAt)} UTC by ${cell(state.starter || '-')}`],
    ['Ended', endCell(state)],
  ];
  if (created !== null) {
    rows.push(['Project', cell(created.project)]);
    rows.push(['Rehearsal', created.rehearsal ? 'yes, no customers' : 'no']);
    rows.push(['Time scale', scaleCell(state, created.timeScale)]);
  }
  const { who, what, command } = nextStep(state, plan);
  const next = `Next: ${inline(who)} must ${inline(what)}${command === null ? '.' : `: ${codeCell(command)}`}`;
  return paragraphs(
    `# Release ticket: ${inline(title)}`,
    markdownTable(['Fact', 'Value'], rows),
    next,
    connectTable(created?.connect ?? {}),
  );
}

function buildCell(build: BuildIdentity | null): string {
  if (build === null) return 'none (first launch)';
  return `${cell(build.name)} ${cell(build.version)}, ${codeCell(build.digest)}`;
}

/** How it ended, or where it stands. */
export function outcomeLabel(state: ReleaseState): string {
  if (state.ended !== null) return `${outcomeWord(state.ended.outcome)} (exit ${state.ended.exit})`;
  const words: Readonly<Record<ReleaseState['status'], string>> = {
    none: 'not begun',
    running: 'running',
    waiting: 'HOLD: waiting for an approval (exit 4)',
    held: 'HOLD (exit 4)',
    interrupted: 'interrupted',
    'rolling-back': 'rolling back',
    ended: 'ended',
  };
  return words[state.status];
}

function endCell(state: ReleaseState): string {
  if (state.endedAt === null) return 'not yet';
  return `${utcLabel(state.endedAt)} UTC, after ${elapsedLabel(state.createdAt, state.endedAt)}: ${cell(state.ended?.reason ?? '')}`;
}

function connectTable(connect: Readonly<Record<string, string>>): string | undefined {
  const rows = Object.entries(connect).map(([from, to]) => [codeCell(from), codeCell(to)]);
  if (rows.length === 0) return undefined;
  return paragraphs(
    'Requests to these origins were connected elsewhere (`connect:` of the configuration):',
    markdownTable(['Origin', 'Connected to'], rows),
  );
}

/** The scale of the release, and of the steps that ran at another one after a resume. */
function scaleCell(state: ReleaseState, own: number): string {
  const others = [...state.steps.values()].filter((step) => step.timeScale !== null);
  const text = own === 1 ? 'x1 (real time)' : `x${own}`;
  return [text, ...others.map((step) => `step ${step.step}: x${step.timeScale}`)].join(', ');
}

/** The nine steps at a glance: planned beside actual. */
export function summaryTable(state: ReleaseState, plan: Plan): string {
  const rows = plan.steps.map((row) => {
    const step = state.steps.get(row.step);
    const late = elapsedMs(step?.startedAt ?? null, step?.endedAt ?? null);
    const actual =
      late === undefined ? '-' : elapsedLabel(step?.startedAt ?? null, step?.endedAt ?? null);
    return [
      String(row.step),
      cell(row.title),
      cell(ownerLabel(row.owner)),
      plannedLabel(row.durationMs, scaleOf(state, row.step)),
      actual,
      verdictCell(step),
      cell(approvedBy(step) ?? ''),
    ];
  });
  const headers = ['Step', 'What', 'Owner', 'Planned', 'Actual', 'Verdict', 'Approved by'];
  return markdownTable(headers, rows);
}

function verdictCell(step: StepState | undefined): string {
  if (step === undefined) return 'not reached';
  if (step.skipped !== null) return '**skipped**';
  if (step.verdict === null) return 'open';
  return step.verdict === 'go' ? 'go' : `**${verdictWord(step.verdict)}**`;
}
