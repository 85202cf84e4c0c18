import type { CheckResult } from '../checks/check.ts';
import type { PlanStep } from '../plan/plan.ts';
import type { ApprovalMove, ApprovalRequest } from './approval.ts';
import { beginAsking } from './ask-here.ts';
import type { EventData } from './events.ts';
import {
  hearWord,
  judgingNow,
  newWords,
  standingNow,
  type Wanted,
  writeWordDown,
} from './hear-word.ts';
import { askForWord } from './request-word.ts';
import type { Run } from './run-context.ts';
import { whatChanged } from './standing.ts';
import { wordResult } from './word-result.ts';

/** How long it may take until a word is noticed, or that the plan was changed. */
const lookForWordMs = 250;

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
  let endQuestion: (() => Promise<void>) | undefined;
  try {
    for (;;) {
      request ??= await askForWord(run, wanted);
      await hearWords(run, wanted, request);
      const result = resultSoFar(run, wanted, request);
      if (result !== undefined) return result;
      const over = engine.clock.now() > request.expiresAt || (await isOutdated(run, row, request));
      request = over ? await askForWord(run, wanted) : standing();
      if (engine.clock.now() >= deadline) return undefined;
      if (request !== null)
        endQuestion ??= beginAsking(run, await judgingNow(run, wanted, request));
      await engine.clock.sleep(lookForWordMs, run.signal);
    }
  } finally {
    await endQuestion?.();
  }
}
