import { formatDuration } from '../../base/duration.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { shortDigest } from '../../proof/digest.ts';
import { missingApprovers } from '../../release/eligible.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput } from '../output.ts';
import { withSession } from '../session.ts';
import { describePlan } from './describe-plan.ts';
import { describeRollback } from './dry-run-rollback.ts';

/** `aurora plan show`: the table of the plan with what carries each step out. */
export async function planShowVerb(io: Io, options: RunOptions): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const { plan } = engine;
    const placeholder = {
      name: 'candidate',
      version: 'the candidate',
      digest: 'candidate',
      directory: '',
    };
    const described = describePlan(engine, plan, placeholder);
    const rollback = describeRollback(engine, { reason: '', only: null });
    output.document('plan', {
      title: plan.title,
      version: plan.version,
      digest: plan.digest,
      directory: plan.directory,
      steps: plan.steps.map((step, index) => ({ ...step, moves: described[index]?.moves ?? [] })),
      rollback,
    });
    output.text(
      `${plan.title}, version ${plan.version} (${plan.date}), digest ${shortDigest(plan.digest)}\n${plan.directory}`,
    );
    for (const [index, step] of plan.steps.entries()) {
      const owner =
        step.owner.name === null ? step.owner.role : `${step.owner.role} (${step.owner.name})`;
      output.text(`\n${step.step}. ${step.title} | ${owner} | ${formatDuration(step.durationMs)}`);
      output.text(`   ${step.description}\n   ${step.criterion}`);
      for (const move of described[index]?.moves ?? []) {
        for (const line of move.lines) output.text(`   - ${move.type}: ${line}`);
      }
      const { fail, inconclusive, error, catastrophe } = step.verdicts;
      output.text(
        `   fail: ${fail}, too little data: ${inconclusive}, not measurable: ${error}, catastrophe: ${catastrophe}`,
      );
    }
    output.text('\nRollback');
    for (const [index, lines] of rollback.entries()) {
      for (const line of lines) output.text(`   ${index + 1}. ${line}`);
    }
    return 0;
  });
}

/** `aurora plan check`: validates every checklist. */
export async function planCheckVerb(io: Io, options: RunOptions): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const { validateChecklists } = await import('../../release/check-lists.ts');
    await validateChecklists(engine.plan);
    const steps = engine.plan.steps.length;
    const missing = missingApprovers(engine.plan, await engine.approvers(), engine.clock.now());
    output.document('plan-check', { ok: true, digest: engine.plan.digest, steps, missing });
    output.text(
      `the plan is valid: ${steps} steps, ${engine.plan.rollback.flat().length} compensations, digest ${shortDigest(engine.plan.digest)}`,
    );
    for (const line of missing) output.remark(`note: ${line}; \`aurora keygen\` makes a key`);
    return 0;
  });
}
