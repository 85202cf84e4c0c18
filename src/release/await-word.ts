import { randomBytes } from 'node:crypto';
import { isoTime } from '../base/clock.ts';
import type { CheckResult } from '../checks/check.ts';
import type { PlanStep } from '../plan/plan.ts';
import { sha256 } from '../proof/digest.ts';
import {
  type ApprovalMove,
  type ApprovalRequest,
  judgeWord,
  type WordVerdict,
} from './approval.ts';
import { countEligible } from './eligible.ts';
import type { EventData } from './events.ts';
import { evidenceDigest } from './gate.ts';
import type { WordNote } from './inbox.ts';
import { encodeEntry } from './journal.ts';
import type { Run } from './run-context.ts';
import { evidenceBefore, standingOf, verdictSoFar, whatChanged } from './standing.ts';
import { wordDigest } from './statement.ts';
import { wordResult } from './word-result.ts';

/** How long it may take until a word is noticed, or that the plan was changed. */
const lookForWordMs = 250;

/** The word of a step: where it stands in the plan and what it asks for. */
interface Wanted {
  readonly row: PlanStep;
  readonly move: ApprovalMove;
}

/** What stands now, to be compared with what a word was given for. */
export async function standingNow({ engine, log, candidate }: Run, row: PlanStep, nonce: string) {
  const plan = await engine.planDigest();
  return standingOf(log.state, log.entries, row, { plan, build: candidate.digest, nonce });
}

async function requestFor(run: Run, { row, move }: Wanted): Promise<ApprovalRequest> {
  const { engine, log, candidate } = run;
  const last = log.entries.at(-1);
  const expiresAt = engine.clock.now() + move.expiresMs;
  const as = move.unsigned ? ` --as ${JSON.stringify(move.name ?? move.role)}` : '';
  return {
    step: row.step,
    role: move.role,
    name: move.name,
    count: move.count,
    eligible: move.unsigned ? null : countEligible(move, await engine.approvers(), expiresAt),
    binding: {
      release: log.state.id,
      step: row.step,
      environment: engine.plan.flags.environment,
      plan: engine.plan.digest,
      build: candidate.digest,
      evidence: evidenceDigest(evidenceBefore(log.state, row.step)),
      journal: last === undefined ? '' : sha256(encodeEntry(last)),
      verdict: verdictSoFar(log.state, row),
      nonce: randomBytes(16).toString('hex'),
      expires: isoTime(expiresAt),
    },
    expiresAt,
    command: `aurora approve ${log.state.id} --step ${row.step}${as}`,
  };
}

/**
 * Asks for a word. What a check still had to say may come between the binding and its line: such a
 * request pins another line than the one before it, and is made again.
 */
async function askForWord(run: Run, wanted: Wanted): Promise<ApprovalRequest> {
  for (;;) {
    const request = await requestFor(run, wanted);
    await run.log.append('approval.requested', request);
    const { journal } = await standingNow(run, wanted.row, request.binding.nonce);
    if (journal === request.binding.journal) return request;
  }
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

/** Judges a word by what stands now; one that does not count is written down, with why. */
export async function hearWord(
  run: Run,
  { row, move }: Wanted,
  request: ApprovalRequest,
  word: WordNote,
): Promise<WordVerdict> {
  const { engine, log } = run;
  const verdict = judgeWord(word, {
    move,
    request,
    standing: await standingNow(run, row, request.binding.nonce),
    approvers: await engine.approvers(),
    starter: { actor: log.state.starter, key: log.state.created?.starterKey ?? null },
    given: log.state.steps.get(row.step)?.approvals ?? [],
    now: engine.clock.now(),
  });
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
  { statement: said, person, key }: Extract<WordVerdict, { accepted: true }>,
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

/** What the words so far come to: enough, a no, taken back, or still waiting. */
function resultSoFar(
  run: Run,
  { row }: Wanted,
  request: ApprovalRequest,
): readonly CheckResult[] | undefined {
  const step = run.log.state.steps.get(row.step);
  const approvals: readonly EventData['approval.given'][] = step?.approvals ?? [];
  const rejection = step?.rejection ?? null;
  if (rejection === null && approvals.length < request.count) return undefined;
  return [wordResult(request, approvals, rejection)];
}

/** Whether a request asks about something else than what stands: nobody could answer it. */
async function isOutdated(run: Run, row: PlanStep, { binding }: ApprovalRequest): Promise<boolean> {
  const changed = whatChanged(binding, await standingNow(run, row, binding.nonce));
  // Another plan is another release: nothing that is asked under this one could be answered.
  return changed !== null && changed !== 'plan';
}

/** Takes what people said meanwhile, up to the word that decides. */
async function hearWords(run: Run, wanted: Wanted, request: ApprovalRequest): Promise<void> {
  for (const word of await newWords(run, wanted.row.step)) {
    const verdict = await hearWord(run, wanted, request, word);
    if (!verdict.accepted) continue;
    await writeWordDown(run, word, verdict);
    const enough = resultSoFar(run, wanted, request) !== undefined;
    if (enough || verdict.statement.decision === 'revoke') return;
  }
}

/**
 * Waits for the words of a step as long as the engine says; undefined when they did not come. A
 * request that has run out is made anew: a word given in its time still counts, a later one never.
 */
export async function awaitWord(
  run: Run,
  row: PlanStep,
  move: ApprovalMove,
): Promise<readonly CheckResult[] | undefined> {
  const { engine, log } = run;
  const wanted = { row, move };
  const wait = engine.approvalWaitMs === 'planned' ? row.durationMs : engine.approvalWaitMs;
  const deadline = engine.clock.now() + wait;
  const standing = () => log.state.steps.get(row.step)?.request ?? null;
  let request = standing();
  for (;;) {
    request ??= await askForWord(run, wanted);
    await hearWords(run, wanted, request);
    const result = resultSoFar(run, wanted, request);
    if (result !== undefined) return result;
    const over = engine.clock.now() > request.expiresAt || (await isOutdated(run, row, request));
    request = over ? await askForWord(run, wanted) : standing();
    if (engine.clock.now() >= deadline) return undefined;
    await engine.clock.sleep(lookForWordMs, run.signal);
  }
}
