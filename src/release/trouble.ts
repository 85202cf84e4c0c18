import { AuroraError, messageOf } from '../base/errors.ts';
import type { CheckResult } from '../checks/check.ts';
import type { PlanStep } from '../plan/plan.ts';
import { mayOverride } from './override.ts';
import { productionTouched } from './production-touched.ts';
import type { Run } from './run-context.ts';
import { maySkip, signSkip, writeSkip } from './skip-step.ts';
import type { ReleaseState } from './state.ts';

/** What a person may choose where a step is no go. */
export type Choice = 'retry' | 'skip' | 'roll-back' | 'abort' | 'leave';

/** A step that is no go, before anything follows from it. */
export interface Trouble {
  readonly release: string;
  readonly step: PlanStep;
  readonly verdict: 'no-go' | 'hold';
  /** The checks that did not pass. */
  readonly checks: readonly CheckResult[];
  /** In the order in which they are offered; `leave` does what happens when nobody is asked. */
  readonly choices: readonly Choice[];
  /** Why what was chosen before could not be done. */
  readonly problem: string | null;
}

/** What a person chose. */
export type Decision =
  | { readonly choice: Exclude<Choice, 'skip'> }
  | { readonly choice: 'skip'; readonly reason: string };

/** Asks a person; rejects with the signal's reason as soon as it aborts. */
export type Decide = (trouble: Trouble, signal: AbortSignal) => Promise<Decision>;

/** What may be chosen at a step that is no go. */
export function choicesAt(
  state: ReleaseState,
  about: { readonly production: 'staging' | 'production'; readonly maySkip: boolean },
): readonly Choice[] {
  const touched = productionTouched(state, about.production);
  return [
    'retry',
    ...(about.maySkip ? (['skip'] as const) : []),
    touched ? 'roll-back' : 'abort',
    'leave',
  ];
}

async function troubleAt(run: Run, step: PlanStep, verdict: Trouble['verdict']): Promise<Trouble> {
  const { engine, log } = run;
  const checks = log.state.steps.get(step.step)?.checks ?? [];
  const skippable = maySkip(engine, step) && (await mayOverride(engine));
  return {
    release: log.state.id,
    step,
    verdict,
    checks: checks.filter((check) => check.status !== 'pass'),
    choices: choicesAt(log.state, {
      production: engine.plan.flags.environment,
      maySkip: skippable,
    }),
    problem: null,
  };
}

/** Passes the step over on the word of whoever sits here; why that failed, or null. */
async function skip(run: Run, step: PlanStep, reason: string): Promise<string | null> {
  const { engine, log, candidate } = run;
  const of = { release: log.state.id, build: candidate.digest };
  try {
    const signed = await signSkip(engine, of, [step], reason);
    await writeSkip(log, signed);
    return null;
  } catch (error) {
    // A wrong passphrase is a reason to ask again; a full disk or an interruption is not.
    const again = error instanceof AuroraError && error.exitCode === 2;
    if (!again || run.signal.aborted) throw error;
    return messageOf(error);
  }
}

/**
 * Lets a person decide what follows from a step that is no go, if somebody can be asked. A step that
 * they passed over has been written down when this resolves.
 */
export async function decideAt(
  run: Run,
  step: PlanStep,
  verdict: Trouble['verdict'],
): Promise<Choice> {
  const { decide } = run.engine;
  if (decide === undefined) return 'leave';
  let trouble = await troubleAt(run, step, verdict);
  for (;;) {
    const decision = await decide(trouble, run.signal);
    run.signal.throwIfAborted();
    if (!trouble.choices.includes(decision.choice)) return 'leave';
    if (decision.choice !== 'skip') return decision.choice;
    const problem = await skip(run, step, decision.reason);
    if (problem === null) return 'skip';
    trouble = { ...trouble, problem };
  }
}
