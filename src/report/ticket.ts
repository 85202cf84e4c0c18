import { redact } from '../base/redact.ts';
import type { Plan } from '../plan/plan.ts';
import type { JournalEntry } from '../release/events.ts';
import type { ReleaseState } from '../release/state.ts';
import { code, details, inline, paragraphs } from './markdown.ts';
import { overridesSection } from './override-words.ts';
import { rollbackSection } from './rollback-section.ts';
import { summaryTable, ticketHeader } from './ticket-header.ts';
import { ticketStep } from './ticket-step.ts';
import { timelineTable } from './timeline.ts';

/**
 * The release ticket in Markdown: the plan beside what happened, step by step, with everything that
 * was measured. Reads well as raw text and rendered. Secrets redacted.
 */
export function renderTicket(
  state: ReleaseState,
  plan: Plan,
  entries: readonly JournalEntry[],
): string {
  const rollback = rollbackSection(state);
  const text = paragraphs(
    ticketHeader(state, plan),
    overridesSection(state),
    '## Steps',
    summaryTable(state, plan),
    ...plan.steps.map((row) => ticketStep(state, row, entries)),
    rollback === undefined ? undefined : paragraphs('## Rollback', rollback),
    documentsPart(state),
    '## Journal',
    details(`${entries.length} entries, times in UTC`, timelineTable(plan, entries)),
  );
  return redact(`${text}\n`);
}

function documentsPart(state: ReleaseState): string | undefined {
  if (state.documents.length === 0) return undefined;
  const lines = state.documents.map(({ kind, path }) => `- ${inline(kind)}: ${code(path)}`);
  return paragraphs('## Documents', lines.join('\n'));
}
