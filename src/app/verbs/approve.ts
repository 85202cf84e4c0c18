import { isoTime } from '../../base/clock.ts';
import { AuroraError } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { shortDigest } from '../../proof/digest.ts';
import { bindingDigest } from '../../release/approval.ts';
import { foldJournal } from '../../release/state.ts';
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
    const step = state.steps.get(number);
    const request = step?.request ?? null;
    if (request === null || step?.status === 'ended' || state.status === 'ended') {
      throw new AuroraError('RELEASE_STATE', `step ${number} of ${id} waits for no approval`);
    }
    if (options.reject === true && options.comment === undefined) {
      throw new AuroraError('USAGE', 'a rejection needs a reason', {
        remedy: 'Add --comment "why".',
      });
    }
    const by = options.as ?? engine.actor;
    if (request.name !== null && by.trim().toLowerCase() !== request.name.toLowerCase()) {
      throw new AuroraError(
        'APPROVAL_REFUSED',
        `step ${number} wants the word of ${request.name} (${request.role}), not of ${by}`,
        {
          remedy: `${request.name} gives it with: ${request.command}`,
        },
      );
    }
    const decision = options.reject === true ? 'reject' : 'approve';
    output.text([
      `${id}, step ${number}: what was measured`,
      ...(step?.checks ?? []).map(
        (check) => `  ${check.status.padEnd(5)} ${check.title}: ${check.observed}`,
      ),
    ]);
    await engine.store.offerApproval({
      v: 1,
      release: id,
      step: number,
      decision,
      by,
      role: request.role,
      comment: options.comment ?? null,
      binding: bindingDigest(request.binding),
      at: isoTime(engine.clock.now()),
    });
    const done = decision === 'approve' ? 'approved' : 'rejected';
    output.text(
      `${done} by ${by} (${request.role}), unsigned, for build ${shortDigest(request.binding.build)} and evidence ${shortDigest(request.binding.evidence)}`,
    );
    output.text(`next: the waiting release goes on by itself; if none runs: aurora resume ${id}`);
    output.document('approval', {
      release: id,
      step: number,
      decision,
      by,
      role: request.role,
      binding: request.binding,
    });
    return 0;
  });
}
