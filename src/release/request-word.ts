import { randomBytes } from 'node:crypto';
import { isoTime } from '../base/clock.ts';
import { sha256 } from '../proof/digest.ts';
import type { ApprovalRequest } from './approval.ts';
import { countEligible } from './eligible.ts';
import { evidenceDigest } from './gate.ts';
import { standingNow, type Wanted } from './hear-word.ts';
import { encodeEntry } from './journal.ts';
import type { Run } from './run-context.ts';
import { evidenceBefore, verdictSoFar } from './standing.ts';

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
export async function askForWord(run: Run, wanted: Wanted): Promise<ApprovalRequest> {
  for (;;) {
    const request = await requestFor(run, wanted);
    await run.log.append('approval.requested', request);
    const { journal } = await standingNow(run, wanted.row, request.binding.nonce);
    if (journal === request.binding.journal) return request;
  }
}
