import { setMaxListeners } from 'node:events';
import type { ExitCode } from '../base/exit-codes.ts';
import type { PlanStep } from '../plan/plan.ts';
import { abortRun } from './abort.ts';
import type { Outcome } from './events.ts';
import { followWish } from './follow-wish.ts';
import { asksFreezes, passFreezesAgain } from './freeze-gate.ts';
import { keepDocument } from './keep-document.ts';
import { reopenVoided } from './reopen.ts';
import { rollBack } from './roll-back.ts';
import { goOnRegardless, type Run } from './run-context.ts';
import { buildText, runStep, type StepResult } from './run-step.ts';
import type { ReleaseState } from './state.ts';
import { decideAt } from './trouble.ts';
import { WishHeard } from './wishes.ts';

/** Which part of the plan to carry out now. */
export interface RunSpan {
  /** Last step to carry out; the plan's last when left out. */
  readonly until?: number;
  /** A new release passes over the steps before it; one that goes on carries them out again. */
  readonly from?: number;
  /** Why rules of the plan should not hold this once: it is signed where one would stop the run. */
  readonly override?: string;
}

const outcomeExits = {
  released: 0,
  'no-go': 3,
  'rolled-back': 5,
  'rollback-incomplete': 6,
} as const satisfies Partial<Record<Outcome, ExitCode>>;

/** The first step that is not yet a go; undefined when all are. */
export function nextStep(state: ReleaseState, steps: readonly PlanStep[]): PlanStep | undefined {
  return steps.find((step) => state.steps.get(step.step)?.verdict !== 'go');
}

async function end(
  run: Run,
  outcome: keyof typeof outcomeExits,
  reason: string,
): Promise<ExitCode> {
  const exit = outcomeExits[outcome];
  await run.log.append('release.ended', { outcome, exit, reason });
  return exit;
}

async function hold(
  run: Run,
  step: number,
  waitsFor: 'approval' | 'evidence',
  reason: string,
): Promise<ExitCode> {
  await run.log.append('release.held', { step, reason, waitsFor });
  return 4;
}

/** Writes the ticket beside the journal, and its digest into it. */
export async function writeTicket({ engine, log }: Run): Promise<void> {
  const text = engine.documents.ticket(log.state, log.entries);
  await keepDocument(engine.store, log, 'ticket', text);
}

async function finish(run: Run): Promise<ExitCode> {
  const { engine, log } = run;
  const text = engine.documents.releaseNotes(log.state, log.entries);
  await keepDocument(engine.store, log, 'release-notes', text);
  return end(run, 'released', `${buildText(run.candidate)} serves every customer`);
}

async function rollBackRun(run: Run, reason: string): Promise<ExitCode> {
  const { engine, log } = run;
  await goOnRegardless(run);
  // Whoever takes over rolls back themselves: this one ends at once.
  const signal = AbortSignal.any([engine.signal, run.right.lost]);
  setMaxListeners(0, signal);
  const result = await rollBack({ ...engine, signal }, log, { reason, only: null });
  return end(run, result.complete ? 'rolled-back' : 'rollback-incomplete', reason);
}

/** What a step that is no go means for the release. */
async function stop(
  run: Run,
  step: PlanStep,
  result: Exclude<StepResult, 'go'>,
): Promise<ExitCode> {
  const state = run.log.state.steps.get(step.step);
  const [first] = state?.reasons ?? [];
  const named = (word: string) => `step ${step.step} (${step.title}): ${first ?? word}`;
  switch (result) {
    case 'no-go':
      return end(run, 'no-go', named('no-go'));
    case 'rollback':
      return rollBackRun(run, named('rolled back'));
    case 'hold':
      return hold(run, step.step, 'evidence', first ?? 'more evidence is needed');
    case 'waiting': {
      const who = state?.request?.name ?? state?.request?.role ?? 'a person';
      return hold(run, step.step, 'approval', `waits for the word of ${who}`);
    }
  }
}

/** What follows from a step that is no go; undefined when the release goes on all the same. */
async function follow(
  run: Run,
  step: PlanStep,
  result: Exclude<StepResult, 'go'>,
): Promise<ExitCode | undefined> {
  // A red canary waits for no answer, and whose word is missing is known already.
  if (result === 'rollback' || result === 'waiting') return stop(run, step, result);
  const by = `on the word of ${run.engine.actor}, step ${step.step} (${step.title}) being ${result}`;
  switch (await decideAt(run, step, result)) {
    case 'retry':
    case 'skip':
      return undefined;
    case 'roll-back':
      return rollBackRun(run, `rolled back ${by}`);
    case 'abort':
      return abortRun(run, `aborted ${by}`);
    case 'leave':
      return stop(run, step, result);
  }
}

/** Looks at the freeze windows once more before customers can notice anything. */
async function passWindows(run: Run, step: PlanStep, span: RunSpan): Promise<void> {
  const { engine, log } = run;
  if (!asksFreezes(engine, step)) return;
  const made = await passFreezesAgain(engine, log.state, span.override ?? null);
  for (const override of made) await log.append('override.given', override);
}

/** Carries a step out while its owner is told of it. */
async function runToldStep(run: Run, step: PlanStep): Promise<StepResult> {
  run.telling.turn(step);
  const watch = run.telling.watch(step);
  try {
    return await runStep(run, step);
  } finally {
    watch.end();
  }
}

/** What the journal says of a step whose process died, or was stopped, before anything followed from it. */
function leftUnfollowed({ log }: Run, { step }: PlanStep): 'no-go' | 'rollback' | undefined {
  const { status, verdict } = log.state.steps.get(step) ?? {};
  const isBad = verdict === 'no-go' || verdict === 'rollback';
  return status === 'ended' && isBad ? verdict : undefined;
}

async function takeStep(run: Run, step: PlanStep, span: RunSpan): Promise<StepResult> {
  await passWindows(run, step, span);
  return runToldStep(run, step);
}

async function takeSteps(run: Run, span: RunSpan): Promise<ExitCode> {
  for (let isFirst = true; ; isFirst = false) {
    await reopenVoided(run);
    const step = nextStep(run.log.state, run.engine.plan.steps);
    if (step === undefined) return finish(run);
    if (span.until !== undefined && step.step > span.until) return 0;
    run.signal.throwIfAborted();
    const known = isFirst ? leftUnfollowed(run, step) : undefined;
    const result = known ?? (await takeStep(run, step, span));
    const exit = result === 'go' ? undefined : await follow(run, step, result);
    if (exit !== undefined) return exit;
  }
}

/** Goes through the steps that are left, up to the first that is no go, or until somebody wishes it to stop. */
export async function runSteps(run: Run, span: RunSpan): Promise<ExitCode> {
  try {
    return await takeSteps(run, span);
  } catch (error) {
    if (!(error instanceof WishHeard)) throw error;
    run.engine.signal.throwIfAborted();
    const { steps } = run.engine.plan;
    const step = nextStep(run.log.state, steps)?.step ?? steps.length;
    return followWish(run, error.wish, step);
  }
}
