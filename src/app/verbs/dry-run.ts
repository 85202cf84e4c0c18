import { formatDuration } from '../../base/duration.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { checkKind } from '../../checks/registry.ts';
import type { BuildAtHand } from '../../effects/effect.ts';
import { createEffect } from '../../effects/registry.ts';
import type { Move, Plan } from '../../plan/plan.ts';
import { shortDigest } from '../../proof/digest.ts';
import type { Engine } from '../../release/engine.ts';
import { type RollbackWish, rollbackEffects } from '../../release/roll-back.ts';
import { effectContext } from '../../release/run-context.ts';
import { emptyState } from '../../release/state.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { openOutput } from '../output.ts';
import { withSession } from '../session.ts';

/** A move in words, a line each. */
export interface DescribedMove {
  readonly type: Move['type'];
  readonly kind: string;
  readonly lines: readonly string[];
}

function contextFor(engine: Engine, candidate: BuildAtHand | null) {
  const log = { state: emptyState('dry-run'), entries: [] };
  return effectContext(engine, { log, candidate, reason: '', writeDocument: async (name) => name });
}

/** What a move will look at or do: the same objects that a real run uses. */
export function describeMove(
  engine: Engine,
  move: Move,
  candidate: BuildAtHand | null,
): DescribedMove {
  if (move.type === 'check') {
    return { type: 'check', kind: move.kind, lines: [checkKind(move.kind).describe(move.params)] };
  }
  if (move.type === 'effect') {
    const effect = createEffect(move.kind, move.params, contextFor(engine, candidate));
    return { type: 'effect', kind: move.kind, lines: effect.describe() };
  }
  const who = move.name === null ? move.role : `${move.name} (${move.role})`;
  const how = move.unsigned ? 'an unsigned word counts' : 'signed';
  return { type: 'approval', kind: 'approval', lines: [`the word of ${who}, ${how}`] };
}

/** Every step with its moves in words. */
export function describePlan(engine: Engine, plan: Plan, candidate: BuildAtHand | null) {
  return plan.steps.map((step) => ({
    step: step.step,
    title: step.title,
    owner: step.owner,
    planned: formatDuration(step.durationMs),
    moves: step.moves.map((move) => describeMove(engine, move, candidate)),
  }));
}

const marks = { check: 'check ', effect: 'do    ', approval: 'person' } as const;

/** `aurora release <build> --dry-run`: what would be checked and done; changes nothing. */
export async function dryRunRelease(
  io: Io,
  selector: string,
  options: RunOptions,
): Promise<ExitCode> {
  return withSession<ExitCode>(io, options, async ({ engine }) => {
    const output = openOutput(io, options);
    const candidate = await engine.builds.find(selector);
    const steps = describePlan(engine, engine.plan, candidate);
    const connect = Object.entries(engine.connect).map(([from, to]) => `${from} -> ${to}`);
    const { name, version, digest } = candidate;
    output.document('dry-run', {
      build: { name, version, digest },
      plan: engine.plan.digest,
      connect: engine.connect,
      steps,
    });
    output.text(`dry run of ${name} ${version} (${shortDigest(digest)}): nothing is changed`);
    for (const line of connect) output.text(`connect ${line}`);
    for (const step of steps) {
      const owner =
        step.owner.name === null ? step.owner.role : `${step.owner.role}, ${step.owner.name}`;
      output.text(`\n${step.step}. ${step.title} (${owner}, planned ${step.planned})`);
      for (const move of step.moves) {
        for (const line of move.lines) output.text(`   ${marks[move.type]}  ${line}`);
      }
    }
    return 0;
  });
}

/** `aurora rollback --dry-run` */
export function describeRollback(
  engine: Engine,
  wish: RollbackWish,
): readonly (readonly string[])[] {
  const log = { state: emptyState('dry-run'), entries: [], append: async () => undefined };
  return rollbackEffects(engine, log, wish).map((phase) =>
    phase.flatMap((effect) => effect.describe()),
  );
}
