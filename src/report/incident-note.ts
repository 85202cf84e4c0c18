import { redact } from '../base/redact.ts';
import type { Plan } from '../plan/plan.ts';
import type { JournalEntry } from '../release/events.ts';
import type { ReleaseState, StepState } from '../release/state.ts';
import { checksTable } from './check-tables.ts';
import { codeCell, inline, paragraphs } from './markdown.ts';
import { leftOver, rollbackSection } from './rollback-section.ts';
import { timelineTable } from './timeline.ts';
import { buildLabel, planStep, utcLabel } from './words.ts';

/**
 * The incident note of a rollback: what happened, when, what was done and seen, what is left. It is
 * written while the rollback runs, so it says what it does not know yet. Secrets redacted.
 */
export function renderIncidentNote(
  state: ReleaseState,
  plan: Plan,
  entries: readonly JournalEntry[],
): string {
  const { rollback, build } = state;
  const what = build === null ? 'production' : `${build.name} ${build.version}`;
  const text = paragraphs(
    `# Incident note: ${inline(what)} rolled back`,
    summary(state, plan),
    '## What happened',
    cause(state, plan),
    '## What was done, and what was seen',
    rollbackSection(state) ?? 'No rollback was recorded.',
    // The section above lists what is left, when there is something.
    leftOver(state) === undefined
      ? `Not undone: nothing${rollback?.ended ? '' : ' so far'}.`
      : undefined,
    '## What to do next',
    todo(state),
    '## Timeline (UTC)',
    timelineTable(plan, interesting(entries, state)),
  );
  return redact(`${text}\n`);
}

/** The step at which it went wrong: the last one that is not a go. */
function brokenStep(state: ReleaseState): StepState | undefined {
  return [...state.steps.values()].findLast((step) => step.verdict !== 'go');
}

function summary(state: ReleaseState, plan: Plan): string {
  const { rollback, build, created, facts } = state;
  const step = brokenStep(state);
  const row = step === undefined ? undefined : planStep(plan, step.step);
  const lines = [
    `- Release: ${codeCell(state.id)}`,
    build === null ? undefined : `- Build: ${inline(buildLabel(build))}`,
    created?.stable ? `- Stable build: ${inline(buildLabel(created.stable))}` : undefined,
    step === undefined ? undefined : `- At: step ${step.step} (${inline(row?.title ?? 'unknown')})`,
    facts.deployedAt === undefined
      ? undefined
      : `- Customers could meet the build from: ${utcLabel(new Date(facts.deployedAt).toISOString())} UTC`,
    rollback === null ? undefined : `- Rolled back from: ${utcLabel(rollback.startedAt)} UTC`,
    rollback === null ? undefined : `- Reason: ${inline(rollback.started.reason)}`,
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

function cause(state: ReleaseState, plan: Plan): string {
  const step = brokenStep(state);
  const bad = step?.checks.filter((check) => check.status !== 'pass') ?? [];
  if (step === undefined || bad.length === 0) {
    return `No check had failed: the rollback was asked for. Reason: ${inline(state.rollback?.started.reason ?? 'none given')}`;
  }
  const title = inline(planStep(plan, step.step)?.title ?? 'unknown');
  const ids = bad.flatMap((check) => check.requestIds ?? []);
  return paragraphs(
    `At step ${step.step} (${title}) these checks did not pass:`,
    checksTable(bad),
    ids.length === 0
      ? undefined
      : `Requests to look for in the logs: ${ids.map(codeCell).join(', ')}`,
  );
}

function todo(state: ReleaseState): string {
  const complete = state.rollback?.ended?.complete;
  const first =
    complete === false
      ? `1. Repair what could not be undone, then run ${codeCell(`aurora rollback ${state.id}`)} again: what is done already is only looked at.`
      : `1. Look at ${codeCell(`aurora status ${state.id}`)}: it tells how the rollback ended.`;
  return [
    first,
    '2. Find the cause with the request ids above; the slot logs and the journal are kept.',
    `3. When the stable build may serve the widget again: ${codeCell(`aurora flag restore ${state.id}`)}`,
    '4. Release the repaired build as a new release; this one does not go on.',
  ].join('\n');
}

/** From the step that went wrong on; what went well before is in the ticket. */
function interesting(
  entries: readonly JournalEntry[],
  state: ReleaseState,
): readonly JournalEntry[] {
  const step = brokenStep(state)?.step;
  const from = entries.findLastIndex(
    (entry) => entry.type === 'step.started' && entry.data.step === step,
  );
  const created = entries.filter((entry) => entry.type === 'release.created');
  return from <= 0
    ? entries
    : [...created, ...entries.slice(from).filter((e) => e.type !== 'release.created')];
}
