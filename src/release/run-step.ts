import { randomBytes } from 'node:crypto';
import { AuroraError, hasCode, messageOf } from '../base/errors.ts';
import type { CheckResult, Verdict } from '../checks/check.ts';
import { checkKind } from '../checks/registry.ts';
import type { BuildAtHand } from '../effects/effect.ts';
import { createEffect } from '../effects/registry.ts';
import { runEffect } from '../effects/runner.ts';
import type { Move, PlanStep } from '../plan/plan.ts';
import { shortDigest } from '../proof/digest.ts';
import { bindingDigest, judgeWord } from './approval.ts';
import type { ApprovalBinding } from './events.ts';
import { evidenceDigest, gateReasons, gateVerdict } from './gate.ts';
import { recordError } from './recorded-error.ts';
import { checkContext, effectContext, journalRecord, type Run } from './run-context.ts';
import type { StepState } from './state.ts';

/** How a step came out; `waiting` when a person's word is missing. */
export type StepResult = Verdict | 'waiting';

const lookForWordMs = 250;

/** Every result measured in this release so far, in the order of the steps. */
function allEvidence(run: Run): readonly CheckResult[] {
  return [...run.log.state.steps.values()].sort((a, b) => a.step - b.step).flatMap((s) => s.checks);
}

async function record(run: Run, step: number, move: number, results: readonly CheckResult[]) {
  for (const result of results) await run.log.append('check.done', { step, move, result });
  return results;
}

function effectFailure(kind: string, error: unknown): CheckResult {
  // Not reached and refused are different things; both mean that the act was not seen to be done.
  const unreached =
    hasCode(error, 'SERVICE_UNREACHABLE') || hasCode(error, 'SERVICE_ANSWER_INVALID');
  const failure: CheckResult = {
    id: `effect/${kind}`,
    title: kind,
    status: unreached ? 'error' : 'fail',
    expected: 'done, and seen from outside',
    observed: messageOf(error),
  };
  return error instanceof AuroraError ? { ...failure, remedy: error.remedy } : failure;
}

async function runCheckMove(
  run: Run,
  step: PlanStep,
  index: number,
  move: Extract<Move, { type: 'check' }>,
) {
  const results = await checkKind(move.kind).run(move.params, checkContext(run, step.step));
  run.engine.signal.throwIfAborted();
  return record(run, step.step, index, results);
}

function contextOf(run: Run) {
  return effectContext(run.engine, {
    log: run.log,
    candidate: run.candidate,
    reason: '',
    writeDocument: (name, text) => run.engine.store.writeDocument(run.log.state.id, name, text),
  });
}

async function runEffectMove(
  run: Run,
  step: PlanStep,
  index: number,
  move: Extract<Move, { type: 'effect' }>,
) {
  const { engine, log } = run;
  const effect = createEffect(move.kind, move.params, contextOf(run));
  try {
    await runEffect(effect, journalRecord(log, step.step), run.guard, engine.clock, engine.signal);
    return [];
  } catch (error) {
    if (engine.signal.aborted || hasCode(error, 'LEASE_LOST') || hasCode(error, 'STORE_FAILED'))
      throw error;
    if (!(error instanceof AuroraError)) throw error;
    return record(run, step.step, index, [effectFailure(effect.key, error)]);
  }
}

async function requestWord(run: Run, step: PlanStep, move: Extract<Move, { type: 'approval' }>) {
  const { engine, log } = run;
  const open = log.state.steps.get(step.step)?.request;
  if (open !== null && open !== undefined) return open;
  const binding: ApprovalBinding = {
    release: log.state.id,
    step: step.step,
    plan: engine.plan.digest,
    build: run.candidate.digest,
    evidence: evidenceDigest(allEvidence(run)),
    nonce: randomBytes(8).toString('hex'),
  };
  const who = move.name ?? move.role;
  const request = {
    step: step.step,
    role: move.role,
    name: move.name,
    binding,
    expiresAt: engine.clock.now() + move.expiresMs,
    command: `aurora approve ${log.state.id} --step ${step.step} --as ${JSON.stringify(who)}`,
  };
  await log.append('approval.requested', request);
  return request;
}

/** Waits for a person's word; undefined when none came in time. */
async function awaitWord(
  run: Run,
  step: PlanStep,
  index: number,
  move: Extract<Move, { type: 'approval' }>,
): Promise<readonly CheckResult[] | undefined> {
  const { engine, log } = run;
  const request = await requestWord(run, step, move);
  const about = {
    move,
    binding: request.binding,
    expiresAt: request.expiresAt,
    starter: log.state.starter,
  };
  const wait = engine.approvalWaitMs === 'planned' ? step.durationMs : engine.approvalWaitMs;
  const deadline = engine.clock.now() + wait;
  const refused = new Set<string>();
  const base = {
    id: `approval/${step.step}`,
    title: `word of ${move.name ?? move.role}`,
    expected: `approved by ${move.name ?? 'a person'} (${move.role}) for binding ${shortDigest(bindingDigest(request.binding))}`,
  };
  for (;;) {
    for (const word of await engine.store.approvals(log.state.id, step.step)) {
      const verdict = judgeWord(word, about);
      if (!verdict.accepted) {
        const key = JSON.stringify(word);
        if (!refused.has(key))
          await log.append('approval.refused', {
            step: step.step,
            by: word.by,
            reason: verdict.why,
          });
        refused.add(key);
        continue;
      }
      if (word.decision === 'reject') {
        const reason = word.comment ?? 'no reason given';
        await log.append('approval.rejected', {
          step: step.step,
          by: word.by,
          role: word.role,
          reason,
        });
        return record(run, step.step, index, [
          { ...base, status: 'fail', observed: `rejected by ${word.by}: ${reason}` },
        ]);
      }
      await log.append('approval.given', {
        step: step.step,
        by: word.by,
        role: word.role,
        signed: false,
        comment: word.comment,
        binding: request.binding,
      });
      const observed = `approved by ${word.by} (${word.role}), unsigned`;
      return record(run, step.step, index, [{ ...base, status: 'pass', observed }]);
    }
    if (engine.clock.now() >= deadline) return undefined;
    await engine.clock.sleep(lookForWordMs, engine.signal);
  }
}

/** A step that waits for a word goes on there: what was measured before stays what was shown. */
function goesOnWaiting(state: StepState | undefined): boolean {
  return state !== undefined && state.status === 'running' && state.request !== null;
}

/** Puts back what this step did, newest first; what cannot be put back is written down. */
async function undoStep(run: Run, step: PlanStep): Promise<void> {
  const { engine, log } = run;
  const context = contextOf(run);
  const moves = step.moves.filter((move) => move.type === 'effect').reverse();
  for (const move of moves) {
    const effect = createEffect(move.kind, move.params, context);
    const key = `${step.step}/${effect.key}`;
    const done = log.state.effects.get(key);
    if (done === undefined || done.status === 'undone' || effect.undo === undefined) continue;
    const name = { step: step.step, key, title: effect.title };
    try {
      await run.guard();
      await effect.undo(done.before, engine.signal);
      await log.append('effect.undone', name);
    } catch (error) {
      if (engine.signal.aborted || hasCode(error, 'LEASE_LOST')) throw error;
      await log.append('effect.undo-failed', { ...name, error: recordError(error) });
    }
  }
}

/**
 * Carries out one step: its moves in order, up to the first check that is no pass. A no-go puts
 * back what the step did. Throws what is not a verdict: interruption, a lost lease, a full disk.
 */
export async function runStep(run: Run, step: PlanStep): Promise<StepResult> {
  const { engine, log } = run;
  const resumed = goesOnWaiting(log.state.steps.get(step.step));
  if (!resumed) {
    await log.append('step.started', { step: step.step, plannedMs: step.durationMs });
  }
  for (const [index, move] of step.moves.entries()) {
    if (resumed && move.type !== 'approval') continue;
    engine.signal.throwIfAborted();
    let results: readonly CheckResult[] | undefined;
    if (move.type === 'check') results = await runCheckMove(run, step, index, move);
    else if (move.type === 'effect') results = await runEffectMove(run, step, index, move);
    else results = await awaitWord(run, step, index, move);
    if (results === undefined) return 'waiting';
    const noResults = move.type === 'check' && results.length === 0;
    if (noResults || results.some((result) => result.status !== 'pass')) break;
  }
  const checks = log.state.steps.get(step.step)?.checks ?? [];
  const verdict = gateVerdict(checks, step.verdicts);
  if (verdict === 'no-go') await undoStep(run, step);
  await log.append('step.ended', {
    step: step.step,
    verdict,
    reasons: checks.length === 0 ? ['nothing was measured'] : gateReasons(checks),
    evidence: evidenceDigest(checks),
  });
  return verdict;
}

/** Names the build for messages: `concierge 1.4.0 (0123456789ab)`. */
export function buildText(build: Pick<BuildAtHand, 'name' | 'version' | 'digest'>): string {
  return `${build.name} ${build.version} (${shortDigest(build.digest)})`;
}
