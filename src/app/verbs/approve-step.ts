import { AuroraError } from '../../base/errors.ts';
import type { PlanStep } from '../../plan/plan.ts';
import type { ApprovalMove, ApprovalRequest, Judging } from '../../release/approval.ts';
import type { Engine } from '../../release/engine.ts';
import type { JournalEntry } from '../../release/events.ts';
import { productionTouched } from '../../release/production-touched.ts';
import { standingOf } from '../../release/standing.ts';
import type { ReleaseState, StepState } from '../../release/state.ts';
import type { ApprovalStatement } from '../../release/statement.ts';

interface Wish {
  readonly decision: ApprovalStatement['decision'];
  readonly step: number | undefined;
}

/** The step that is meant: as said; else the one that waits, or the last one approved. */
function numberOf({ steps, current }: ReleaseState, { decision, step }: Wish): number {
  if (step !== undefined) return step;
  const approved = [...steps.values()].findLast(({ approvals }) => approvals.length > 0);
  return (decision === 'revoke' ? approved?.step : undefined) ?? current ?? 0;
}

/** The request that a word would answer. RELEASE_STATE when there is none that it could. */
function requestOf(
  engine: Engine,
  state: ReleaseState,
  step: StepState | undefined,
  wish: Wish,
): ApprovalRequest {
  const number = numberOf(state, wish);
  const refuse = (what: string, remedy?: string) =>
    new AuroraError('RELEASE_STATE', what, remedy === undefined ? {} : { remedy });
  const nothing = refuse(`step ${number} of ${state.id} waits for no approval`);
  const request = step?.request ?? null;
  if (step === undefined || request === null) throw nothing;
  if (wish.decision !== 'revoke') {
    if (step.status === 'ended' || state.status === 'ended') throw nothing;
    return request;
  }
  if (state.status === 'ended') throw refuse(`release ${state.id} has ended`);
  if (step.approvals.length === 0) throw refuse(`step ${number} of ${state.id} is not approved`);
  if (!productionTouched(state, engine.plan.flags.environment)) return request;
  const message = `${engine.plan.flags.environment} was changed already: the word cannot be taken back`;
  throw refuse(message, `\`aurora rollback ${state.id}\` takes the release back.`);
}

function rowOf({ plan }: Engine, number: number): { row: PlanStep; move: ApprovalMove } {
  const row = plan.steps.find(({ step }) => step === number);
  const move = row?.moves.find((one) => one.type === 'approval');
  if (row !== undefined && move !== undefined) return { row, move };
  throw new AuroraError('APPROVAL_VOID', `the plan has no approval in step ${number} any more`, {
    where: plan.directory,
  });
}

/** Everything that a word for this step is judged by, as it stands now. RELEASE_STATE. */
export async function openStep(
  engine: Engine,
  state: ReleaseState,
  entries: readonly JournalEntry[],
  wish: Wish,
): Promise<Judging> {
  const number = numberOf(state, wish);
  const step = state.steps.get(number);
  const request = requestOf(engine, state, step, wish);
  const { row, move } = rowOf(engine, number);
  const standing = standingOf(state, entries, row, {
    plan: await engine.planDigest(),
    build: state.build?.digest ?? '',
    nonce: request.binding.nonce,
  });
  return {
    move,
    request,
    standing,
    approvers: await engine.approvers(),
    starter: { actor: state.starter, key: state.created?.starterKey ?? null },
    given: step?.approvals ?? [],
    now: engine.clock.now(),
  };
}
