import { isoTime } from '../../base/clock.ts';
import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { shortDigest } from '../../proof/digest.ts';
import { bindingDigest, judgeWord } from '../../release/approval.ts';
import type { Engine } from '../../release/engine.ts';
import type { EventData } from '../../release/events.ts';
import { foldJournal, type ReleaseState, type StepState } from '../../release/state.ts';
import type { ApprovalWord } from '../../release/store.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { latestRelease } from '../latest.ts';
import { openOutput } from '../output.ts';
import { withSession } from '../session.ts';

/** Options of `approve`. */
export interface ApproveOptions extends RunOptions {
  readonly step?: number;
  /** Who approves; must be whom the plan names. */
  readonly as?: string;
  readonly comment?: string;
  readonly reject?: boolean;
}

type Request = EventData['approval.requested'];

/** The step that waits, with what it asks for. RELEASE_STATE when it waits for nobody. */
function waitingStep(state: ReleaseState, number: number): [StepState, Request] {
  const step = state.steps.get(number);
  const request = step?.request ?? null;
  if (step === undefined || request === null || step.status === 'ended' || state.status === 'ended')
    throw new AuroraError('RELEASE_STATE', `step ${number} of ${state.id} waits for no approval`);
  return [step, request];
}

function wordOf(engine: Engine, request: Request, options: ApproveOptions): ApprovalWord {
  if (options.reject === true && options.comment === undefined) {
    throw new AuroraError('USAGE', 'a rejection needs a reason', {
      remedy: 'Add --comment "why".',
    });
  }
  return {
    v: 1,
    release: request.binding.release,
    step: request.step,
    decision: options.reject === true ? 'reject' : 'approve',
    by: options.as ?? engine.actor,
    role: request.role,
    comment: options.comment ?? null,
    binding: bindingDigest(request.binding),
    at: isoTime(engine.clock.now()),
  };
}

/** Says now what the release would say later of this word. APPROVAL_REFUSED. */
function requireAccepted(
  engine: Engine,
  word: ApprovalWord,
  request: Request,
  { starter }: ReleaseState,
): void {
  const moves = engine.plan.steps.find((step) => step.step === request.step)?.moves ?? [];
  const move = moves.find((one) => one.type === 'approval');
  // Under another plan the release itself decides.
  if (move === undefined) return;
  const { binding, expiresAt } = request;
  const verdict = judgeWord(word, { move, binding, expiresAt, starter });
  if (verdict.accepted) return;
  const message = `step ${request.step} does not take the word of ${word.by}: ${verdict.why}`;
  const expired = engine.clock.now() > expiresAt;
  throw new AuroraError('APPROVAL_REFUSED', message, {
    remedy: expired
      ? `\`aurora resume ${binding.release}\` asks anew.`
      : `${request.name ?? `A ${request.role}`} gives it with: ${request.command}`,
  });
}

/** `aurora approve [release]`: gives or refuses a person's word for what was measured. */
export async function approveVerb(
  io: Io,
  release: string | undefined,
  options: ApproveOptions,
): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const id = release ?? (await latestRelease(engine.store));
    const state = foldJournal(id, await engine.store.read(id));
    const number = options.step ?? state.current ?? 0;
    const [step, request] = waitingStep(state, number);
    const word = wordOf(engine, request, options);
    requireAccepted(engine, word, request, state);
    const { by, role, decision } = word;
    const { binding } = request;
    output.text([
      `${id}, step ${number}: what was measured`,
      ...step.checks.map(
        (check) => `  ${check.status.padEnd(5)} ${check.title}: ${check.observed}`,
      ),
    ]);
    await engine.store.offerApproval(word);
    const done = decision === 'approve' ? 'approved' : 'rejected';
    const about = `build ${shortDigest(binding.build)} and evidence ${shortDigest(binding.evidence)}`;
    output.text(`${done} by ${by} (${role}), unsigned, for ${about}`);
    output.text(`next: the waiting release goes on by itself; if none runs: aurora resume ${id}`);
    output.document('approval', { release: id, step: number, decision, by, role, binding });
    return 0;
  });
}
