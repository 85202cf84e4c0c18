import type { PlanStep } from '../plan/plan.ts';
import {
  type AcceptedWord,
  type ApprovalMove,
  type ApprovalRequest,
  type Judging,
  judgeWord,
  type WordVerdict,
} from './approval.ts';
import type { WordNote } from './inbox.ts';
import type { Run } from './run-context.ts';
import { standingOf } from './standing.ts';
import { wordDigest } from './statement.ts';

/** The word of a step: where it stands in the plan and what it asks for. */
export interface Wanted {
  readonly row: PlanStep;
  readonly move: ApprovalMove;
}

/** What stands now, to be compared with what a word was given for. */
export async function standingNow({ engine, log, candidate }: Run, row: PlanStep, nonce: string) {
  const plan = await engine.planDigest();
  return standingOf(log.state, log.entries, row, { plan, build: candidate.digest, nonce });
}

/** Digests of the words that this journal has taken or refused: each has one fate. */
function settledWords({ log }: Run, step: number): ReadonlySet<string> {
  return new Set(
    log.entries.flatMap((entry) => {
      if (!('step' in entry.data) || entry.data.step !== step) return [];
      if (entry.type === 'approval.refused') return [entry.data.word];
      const isWord =
        entry.type === 'approval.given' ||
        entry.type === 'approval.rejected' ||
        entry.type === 'approval.revoked';
      if (!isWord || entry.data.statement === null) return [];
      const { statement, signature } = entry.data;
      return [wordDigest({ statement, signature })];
    }),
  );
}

/** Words in the inbox for this step that nothing was said to yet, oldest first. */
export async function newWords(run: Run, step: number): Promise<readonly WordNote[]> {
  const settled = settledWords(run, step);
  const notes = await run.engine.store.inbox(run.log.state.id);
  return notes.filter(
    (note): note is WordNote =>
      note.note === 'word' && note.step === step && !settled.has(wordDigest(note)),
  );
}

/** Everything that a word is judged by, as it stands now. */
export async function judgingNow(
  run: Run,
  { row, move }: Wanted,
  request: ApprovalRequest,
): Promise<Judging> {
  const { engine, log } = run;
  return {
    move,
    request,
    standing: await standingNow(run, row, request.binding.nonce),
    approvers: await engine.approvers(),
    starter: { actor: log.state.starter, key: log.state.created?.starterKey ?? null },
    given: log.state.steps.get(row.step)?.approvals ?? [],
    now: engine.clock.now(),
  };
}

/** Judges a word by what stands now; one that does not count is written down, with why. */
export async function hearWord(
  run: Run,
  { row, move }: Wanted,
  request: ApprovalRequest,
  word: WordNote,
): Promise<WordVerdict> {
  const { log } = run;
  const verdict = judgeWord(word, await judgingNow(run, { row, move }, request));
  if (!verdict.accepted) {
    const { code, why, by } = verdict;
    const refusal = { step: row.step, by, code, reason: why, word: wordDigest(word) };
    await log.append('approval.refused', refusal);
  }
  return verdict;
}

/** The entry that a word which counts becomes. */
export async function writeWordDown(
  { log }: Run,
  { statement, signature }: WordNote,
  { statement: said, person, key }: AcceptedWord,
): Promise<void> {
  const { decision, comment, binding } = said;
  const word = { statement, signature, key, role: said.role, by: person.id, step: binding.step };
  const reason = comment ?? 'no reason given';
  if (decision === 'revoke') return log.append('approval.revoked', { ...word, reason });
  if (decision === 'reject') {
    return log.append('approval.rejected', { ...word, name: person.name, reason });
  }
  const signed = signature !== null;
  return log.append('approval.given', { ...word, name: person.name, signed, comment, binding });
}
