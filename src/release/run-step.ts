import { AuroraError, hasCode, messageOf } from '../base/errors.ts';
import type { CheckResult, Verdict } from '../checks/check.ts';
import { checkKind } from '../checks/registry.ts';
import type { BuildAtHand } from '../effects/effect.ts';
import { createEffect } from '../effects/registry.ts';
import { runEffect } from '../effects/runner.ts';
import type { Move, PlanStep } from '../plan/plan.ts';
import { shortDigest } from '../proof/digest.ts';
import { awaitWord } from './await-word.ts';
import { evidenceDigest, gateReasons, gateVerdict } from './gate.ts';
import {
  checkContext,
  goOnRegardless,
  journalRecord,
  type Run,
  stepEffectContext,
} from './run-context.ts';
import type { StepState } from './state.ts';
import { undoStep } from './undo-step.ts';

/** How a step came out; `waiting` when a person's word is missing. */
export type StepResult = Verdict | 'waiting';

function effectFailure(kind: string, error: AuroraError): CheckResult {
  // Not reached and refused are different things; both mean that the act was not seen to be done.
  const unreached =
    hasCode(error, 'SERVICE_UNREACHABLE') || hasCode(error, 'SERVICE_ANSWER_INVALID');
  return {
    id: `effect/${kind}`,
    title: kind,
    status: unreached ? 'error' : 'fail',
    expected: 'done, and seen from outside',
    observed: messageOf(error),
    remedy: error.remedy,
  };
}

async function runCheckMove(run: Run, step: PlanStep, move: Extract<Move, { type: 'check' }>) {
  const results = await checkKind(move.kind).run(move.params, checkContext(run, step.step));
  // What a check says that was interrupted is not a measurement.
  run.engine.signal.throwIfAborted();
  // A wish to stand still never keeps customers on a build that was just seen to be red.
  if (gateVerdict(results, step.verdicts) !== 'rollback') run.signal.throwIfAborted();
  return results;
}

/** An effect that fails is a result of the step; interruption, a lost lease or a full disk is not. */
async function runEffectMove(
  run: Run,
  step: PlanStep,
  move: Extract<Move, { type: 'effect' }>,
): Promise<readonly CheckResult[]> {
  const { engine, log } = run;
  const effect = createEffect(move.kind, move.params, stepEffectContext(run));
  try {
    await runEffect(effect, journalRecord(log, step.step), run.guard, engine.clock, engine.signal);
    return [];
  } catch (error) {
    const noResult = hasCode(error, 'LEASE_LOST') || hasCode(error, 'STORE_FAILED');
    if (engine.signal.aborted || noResult || !(error instanceof AuroraError)) throw error;
    return [effectFailure(effect.key, error)];
  }
}

/** What a move gave; undefined when a person's word is missing. */
async function runMove(
  run: Run,
  step: PlanStep,
  move: Move,
): Promise<readonly CheckResult[] | undefined> {
  if (move.type === 'check') return runCheckMove(run, step, move);
  if (move.type === 'effect') return runEffectMove(run, step, move);
  return awaitWord(run, step, move);
}

/**
 * Where a step goes on that waited for a word, since what was measured before is what the person
 * was shown; undefined when it begins.
 */
function resumeAt(step: PlanStep, state: StepState | undefined): number | undefined {
  const waited = state !== undefined && state.status !== 'ended' && state.request !== null;
  return waited ? step.moves.findIndex((move) => move.type === 'approval') : undefined;
}

/** The moves of a step in order, up to the first result that is no pass. */
async function runMoves(run: Run, step: PlanStep, first: number): Promise<'waiting' | undefined> {
  for (const [index, move] of step.moves.entries()) {
    if (index < first) continue;
    run.signal.throwIfAborted();
    await run.telling.writeDown();
    const results = await runMove(run, step, move);
    if (results === undefined) return 'waiting';
    if (gateVerdict(results, step.verdicts) === 'rollback') await goOnRegardless(run);
    for (const result of results) {
      await run.log.append('check.done', { step: step.step, move: index, result });
    }
    if (results.some((result) => result.status !== 'pass')) break;
  }
  return undefined;
}

/**
 * Whether the journal proves already that the step which broke off is a no-go, or that it is to be
 * rolled back: measuring again must not bring customers back to a build that was seen to be bad.
 */
function isSettled(step: PlanStep, state: StepState | undefined): boolean {
  if (state === undefined || state.status === 'ended' || state.checks.length === 0) return false;
  const verdict = gateVerdict(state.checks, step.verdicts);
  return verdict === 'no-go' || verdict === 'rollback';
}

/** Measures and acts, from where the step stands. */
async function takeMoves(run: Run, step: PlanStep): Promise<'waiting' | undefined> {
  const { log } = run;
  const resumed = resumeAt(step, log.state.steps.get(step.step));
  if (resumed === undefined) {
    const { timeScale } = run.engine;
    await log.append('step.started', {
      step: step.step,
      plannedMs: step.durationMs,
      ...(timeScale === log.state.created?.timeScale ? {} : { timeScale }),
    });
  }
  return runMoves(run, step, resumed ?? 0);
}

/**
 * Carries out one step: its moves in order, up to the first check that is no pass. A no-go puts
 * back what the step did. Throws what is not a verdict: interruption, a lost lease, a full disk.
 */
export async function runStep(run: Run, step: PlanStep): Promise<StepResult> {
  const { log } = run;
  const isOpen = !isSettled(step, log.state.steps.get(step.step));
  if (isOpen && (await takeMoves(run, step)) === 'waiting') return 'waiting';
  const checks = log.state.steps.get(step.step)?.checks ?? [];
  const verdict = gateVerdict(checks, step.verdicts);
  if (verdict === 'rollback') await goOnRegardless(run);
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
