import type { ExitCode } from '../base/exit-codes.ts';
import type { Verdict } from '../checks/check.ts';
import type { Plan } from '../plan/plan.ts';
import type { JournalEntry, Outcome } from '../release/events.ts';
import type { ReleaseState, SeenLook, StepState } from '../release/state.ts';
import { type Look, readLook } from './look.ts';
import type { DocumentContent } from './schema/documents.ts';
import { planStep, stepLabel } from './words.ts';

/** Kinds of checks that watch a candidate. */
const watches: ReadonlySet<string> = new Set(['canary', 'ramp']);

/** The step whose watch runs now; null when nothing is being watched. */
export function watchedStep(state: ReleaseState, plan: Plan): StepState | null {
  if (state.current === null || state.status !== 'running') return null;
  const step = state.steps.get(state.current);
  if (step === undefined || step.verdict !== null) return null;
  const moves = planStep(plan, step.step)?.moves ?? [];
  const watching = moves.some((move) => move.type === 'check' && watches.has(move.kind));
  return watching || step.looks.length > 0 ? step : null;
}

/** The first watch that ended within these entries: one may be over before somebody looks again. */
export function watchEndedIn(entries: readonly JournalEntry[], state: ReleaseState): number | null {
  for (const { type, data } of entries) {
    if (type !== 'step.ended') continue;
    if ((state.steps.get(data.step)?.looks.length ?? 0) > 0) return data.step;
  }
  return null;
}

/** Where a release stands that nobody watches, in words for an error. */
export function unwatchedWords(state: ReleaseState, plan: Plan): string {
  const last = [...state.steps.values()].findLast(({ looks }) => looks.length > 0);
  const told = last?.verdict ?? null;
  const before = told === null ? '' : `; its last watch ended with ${told}`;
  if (state.status === 'ended') return `release ${state.id} has ended${before}`;
  const at = state.current === null ? 'at its beginning' : `at ${stepLabel(plan, state.current)}`;
  return `release ${state.id} is ${at} (${state.status}), which watches nothing now${before}`;
}

const exits: Readonly<Record<Verdict, ExitCode>> = { go: 0, 'no-go': 3, hold: 4, rollback: 5 };

/** What a watch ends with: the exit code of its step's verdict. */
export function exitOfVerdict(verdict: Verdict): ExitCode {
  return exits[verdict];
}

/** The same where the release ended before its step did: by hand, or by another gate. */
export function exitOfOutcome(outcome: Outcome | null): ExitCode {
  if (outcome === 'rolled-back') return 5;
  if (outcome === 'rollback-incomplete') return 6;
  return outcome === 'no-go' ? 3 : 4;
}

/** A look as a document; null for what is none. */
export function lookDocument(
  release: string,
  step: number,
  seen: SeenLook,
): DocumentContent<'canary-look'> | null {
  const look = readLook(seen.data);
  return look === null ? null : { release, step, at: seen.at, ...contentOf(look) };
}

/** A look has no field that the document has not: the compiler says so. */
const contentOf = (look: Look) => look;
