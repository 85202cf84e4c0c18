import type { ExitCode } from '../base/exit-codes.ts';
import type { PlanStep } from '../plan/plan.ts';
import type { Outcome } from './events.ts';
import { rollBack } from './roll-back.ts';
import { goOnRegardless, type Run } from './run-context.ts';
import { buildText, runStep, type StepResult } from './run-step.ts';
import type { ReleaseState } from './state.ts';

/** Which part of the plan to carry out now. */
export interface RunSpan {
  /** Last step to carry out; the plan's last when left out. */
  readonly until?: number;
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

/** Writes the ticket beside the journal, and once into it. */
export async function writeTicket({ engine, log }: Run): Promise<void> {
  const text = engine.documents.ticket(log.state, log.entries);
  const path = await engine.store.writeDocument(log.state.id, 'ticket.md', text);
  if (!log.state.documents.some((document) => document.kind === 'ticket')) {
    await log.append('document.written', { kind: 'ticket', path });
  }
}

async function finish(run: Run): Promise<ExitCode> {
  const { engine, log } = run;
  const text = engine.documents.releaseNotes(log.state, log.entries);
  const path = await engine.store.writeDocument(log.state.id, 'release-notes.md', text);
  await log.append('document.written', { kind: 'release-notes', path });
  return end(run, 'released', `${buildText(run.candidate)} serves every customer`);
}

async function rollBackRun(run: Run, reason: string): Promise<ExitCode> {
  const { engine, log } = run;
  await goOnRegardless(run);
  const result = await rollBack(engine, log, { reason, only: null });
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

/** Goes through the steps that are left, up to the first that is no go. */
export async function runSteps(run: Run, span: RunSpan): Promise<ExitCode> {
  for (;;) {
    const step = nextStep(run.log.state, run.engine.plan.steps);
    if (step === undefined) return finish(run);
    if (span.until !== undefined && step.step > span.until) return 0;
    const result = await runStep(run, step);
    if (result !== 'go') return stop(run, step, result);
  }
}
