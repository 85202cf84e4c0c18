import type { Plan } from '../plan/plan.ts';
import type { JournalEntry } from '../release/events.ts';
import type { ReleaseState } from '../release/state.ts';
import { renderIncidentNote } from './incident-note.ts';
import { renderReleaseNotes } from './release-notes.ts';
import { renderTicket } from './ticket.ts';

type Render = (state: ReleaseState, entries: readonly JournalEntry[]) => string;

/** The texts that a release writes, bound to its plan. */
export function createDocuments(plan: Plan): {
  readonly ticket: Render;
  readonly releaseNotes: Render;
  readonly incidentNote: Render;
} {
  return {
    ticket: (state, entries) => renderTicket(state, plan, entries),
    releaseNotes: (state, entries) => renderReleaseNotes(state, plan, entries),
    incidentNote: (state, entries) => renderIncidentNote(state, plan, entries),
  };
}
