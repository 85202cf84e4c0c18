import type { PlanStep } from '../plan/plan.ts';
import type { ApprovalBinding, EventData, JournalEntry } from '../release/events.ts';
import type { EffectState, ReleaseState, StepState } from '../release/state.ts';
import { givenSoFar, wantsWord } from './approval-words.ts';
import { canarySection } from './canary-section.ts';
import { checksSection, checksTable, isMatrixCheck, matrixTable } from './check-tables.ts';
import { cell, codeCell, inline, markdownTable, paragraphs, quote } from './markdown.ts';
import { skippedLabel } from './override-words.ts';
import { screensOf } from './screens.ts';
import {
  countChecks,
  elapsedLabel,
  errorLabel,
  ownerLabel,
  plannedLabel,
  scaleOf,
  utcLabel,
  verdictWord,
} from './words.ts';

/** One step of the ticket: the plan's words, then everything that was measured, done and said. */
export function ticketStep(
  state: ReleaseState,
  row: PlanStep,
  entries: readonly JournalEntry[],
): string {
  const step = state.steps.get(row.step);
  const title = `## Step ${row.step}: ${inline(row.title)}`;
  const words = quote(`${row.description}\n\nGo/no-go: ${row.criterion}`);
  if (step === undefined) return paragraphs(title, words, 'Not reached.');
  return paragraphs(
    title,
    words,
    verdictLine(state, row, step),
    skippedLine(step),
    step.verdict === 'go' || step.reasons.length === 0
      ? undefined
      : step.reasons.map((reason) => `- ${inline(reason)}`).join('\n'),
    effectsPart(state, row.step),
    matrixPart(step),
    checksPart(step),
    screensPart(step),
    canarySection(step, scaleOf(state, row.step)),
    approvalPart(step, entries),
    attemptsPart(row.step, entries),
  );
}

function verdictLine(state: ReleaseState, row: PlanStep, step: StepState): string {
  const word = step.verdict === null ? 'open' : verdictWord(step.verdict);
  const verdict = step.skipped === null ? word : 'skipped';
  const planned = plannedLabel(row.durationMs, scaleOf(state, row.step));
  const facts = [
    ownerLabel(row.owner),
    `began ${utcLabel(step.startedAt)} UTC`,
    `took ${elapsedLabel(step.startedAt, step.endedAt)}, planned ${planned}`,
    countChecks(step.checks),
  ];
  const evidence = step.evidence === null ? '' : ` Evidence ${codeCell(step.evidence)}.`;
  return `**${verdict}** (${facts.map(inline).join('; ')}).${evidence}`;
}

function skippedLine(step: StepState): string | undefined {
  const label = skippedLabel(step);
  return label === undefined ? undefined : `This step was ${inline(label)}`;
}

function effectsPart(state: ReleaseState, number: number): string | undefined {
  const own = [...state.effects.values()].filter((effect) => effect.step === number);
  if (own.length === 0) return undefined;
  const words: Readonly<Record<EffectState['status'], string>> = {
    running: '**unknown**',
    done: 'done',
    failed: '**failed**',
    undone: 'undone',
    'undo-failed': '**NOT undone**',
  };
  return paragraphs(
    '### Done',
    markdownTable(
      ['Result', 'Act', 'Verified from outside'],
      own.map((effect) => [
        words[effect.status],
        cell(effect.title),
        cell(effect.error === undefined ? (effect.observed ?? '') : errorLabel(effect.error)),
      ]),
    ),
  );
}

function matrixPart(step: StepState): string | undefined {
  const matrix = matrixTable(step.checks);
  return matrix === undefined ? undefined : paragraphs('### Environment matrix', matrix);
}

function checksPart(step: StepState): string | undefined {
  const others = step.checks.filter((check) => !isMatrixCheck(check));
  const matrix = step.checks.filter(isMatrixCheck);
  if (matrix.length === 0) return paragraphs('### Checked', checksSection(others));
  // The matrix table shows what passed; what did not needs its remedy too.
  const bad = matrix.filter((check) => check.status !== 'pass');
  const count = `The matrix: ${countChecks(matrix)}.`;
  return paragraphs(
    '### Checked',
    count,
    bad.length === 0 ? undefined : checksTable(bad),
    others.length === 0 ? undefined : checksSection(others),
  );
}

function approvalPart(step: StepState, entries: readonly JournalEntry[]): string | undefined {
  const lines: string[] = [];
  const { request, approvals, rejection } = step;
  if (request !== null) {
    const who = inline(ownerLabel({ role: request.role, name: request.name }));
    const until = utcLabel(new Date(request.expiresAt).toISOString());
    lines.push(`- Asked: ${who}; the request stands until ${until} UTC.`);
  }
  for (const entry of entries) {
    if (entry.type === 'approval.refused' && entry.data.step === step.step) {
      lines.push(
        `- Not accepted ${utcLabel(entry.at)} UTC: the word of ${inline(entry.data.by)}: ${inline(entry.data.reason)} (${entry.data.code}).`,
      );
    } else if (entry.type === 'approval.revoked' && entry.data.step === step.step) {
      const { by, reason } = entry.data;
      lines.push(`- Taken back ${utcLabel(entry.at)} UTC by ${inline(by)}: ${inline(reason)}`);
    }
  }
  if (rejection !== null) {
    const at = when(entries, 'approval.rejected', step.step);
    lines.push(
      `- **Rejected** by ${personLabel(rejection)}${at}, ${keyLabel(rejection)}: ${inline(rejection.reason)}`,
    );
  }
  for (const approval of approvals) {
    const at = when(entries, 'approval.given', step.step, approval.by);
    lines.push(`- Approved by ${personLabel(approval)}${at}, ${keyLabel(approval)}.`);
    if (approval.comment !== null) lines.push(`- Comment: "${inline(approval.comment)}"`);
  }
  if (request !== null && wantsWord(step)) {
    const so = approvals.length === 0 ? 'No word yet' : `Not enough yet${givenSoFar(step)}`;
    lines.push(`- ${so}. Command: ${codeCell(request.command)}`);
  }
  const binding = approvals[0]?.binding ?? request?.binding;
  if (lines.length === 0) return undefined;
  return paragraphs('### Approval', lines.join('\n'), binding && bindingTable(binding));
}

/** Where the screenshots lie, and their digests: the evidence above holds them. */
function screensPart({ checks }: StepState): string | undefined {
  const screens = screensOf(checks);
  if (screens.length === 0) return undefined;
  const rows = screens.map(({ title, file, sha256 }) => [
    cell(title),
    codeCell(file),
    codeCell(sha256),
  ]);
  return paragraphs('### Screenshots', markdownTable(['Shows', 'File', 'SHA-256'], rows));
}

type Word = Pick<EventData['approval.given'], 'by' | 'name' | 'role' | 'key'>;

/** Name and role, and the id where the approvers file gives one of its own. */
function personLabel({ by, name, role }: Word): string {
  return inline(by === name ? `${name} (${role})` : `${name} (${role}; ${by})`);
}

function keyLabel(word: Word): string {
  if (word.key !== null) return `signed with ${codeCell(word.key.fingerprint)}`;
  return '**UNSIGNED** (the plan allows it): nothing proves who gave it';
}

function when(
  entries: readonly JournalEntry[],
  type: 'approval.given' | 'approval.rejected',
  step: number,
  by?: string,
): string {
  const entry = entries.findLast(
    (one) =>
      one.type === type && one.data.step === step && (by === undefined || one.data.by === by),
  );
  return entry === undefined ? '' : ` at ${utcLabel(entry.at)} UTC`;
}

function bindingTable(binding: ApprovalBinding): string {
  return markdownTable(
    ['Bound to', 'Value'],
    [
      ['Release and step', `${codeCell(binding.release)}, ${binding.step}`],
      ['Plan', codeCell(binding.plan)],
      ['Build', codeCell(binding.build)],
      ['Evidence', codeCell(binding.evidence)],
      ['Journal before', codeCell(binding.journal)],
      ['Verdict so far', `${binding.verdict}, for ${binding.environment}`],
      ['Nonce', codeCell(binding.nonce)],
    ],
  );
}

/** Earlier attempts, holds and errors, which the folded state forgets. */
function attemptsPart(step: number, entries: readonly JournalEntry[]): string | undefined {
  const lines: string[] = [];
  let attempt = 0;
  for (const entry of entries) {
    if (entry.type === 'step.started' && entry.data.step === step) {
      attempt += 1;
      if (attempt > 1) lines.push(`- ${utcLabel(entry.at)} attempt ${attempt} began`);
    } else if (entry.type === 'release.held' && entry.data.step === step) {
      lines.push(`- ${utcLabel(entry.at)} held: ${inline(entry.data.reason)}`);
    } else if (entry.type === 'release.interrupted' && entry.data.step === step) {
      lines.push(`- ${utcLabel(entry.at)} interrupted by ${inline(entry.data.signal)}`);
    } else if (entry.type === 'release.failed' && entry.data.step === step) {
      lines.push(`- ${utcLabel(entry.at)} stopped by ${inline(errorLabel(entry.data.error))}`);
    }
  }
  return lines.length === 0 ? undefined : paragraphs('### Holds and attempts', lines.join('\n'));
}
