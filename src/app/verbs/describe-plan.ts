import { formatDuration } from '../../base/duration.ts';
import { checkKind } from '../../checks/registry.ts';
import type { BuildAtHand, Effect } from '../../effects/effect.ts';
import { createEffect } from '../../effects/registry.ts';
import type { Move, Plan } from '../../plan/plan.ts';
import type { Engine } from '../../release/engine.ts';
import { effectContext } from '../../release/run-context.ts';
import { emptyState } from '../../release/state.ts';

/** A move in words, a line each. */
export interface DescribedMove {
  readonly type: Move['type'];
  readonly kind: string;
  readonly lines: readonly string[];
}

/** A move in words, with the very effect that a run would use; null for what is no effect. */
export interface LaidOutMove {
  readonly words: DescribedMove;
  readonly effect: Effect | null;
}

function inWords(
  type: Move['type'],
  kind: string,
  lines: readonly string[],
  effect: Effect | null = null,
): LaidOutMove {
  return { words: { type, kind, lines }, effect };
}

function contextFor(engine: Engine, candidate: BuildAtHand | null) {
  const log = { state: emptyState('dry-run'), entries: [] };
  return effectContext(engine, { log, candidate, reason: '', writeDocument: async (name) => name });
}

/** What a move will look at or do: the same objects that a real run uses. */
export function layOutMove(engine: Engine, move: Move, candidate: BuildAtHand | null): LaidOutMove {
  if (move.type === 'check') {
    return inWords('check', move.kind, [checkKind(move.kind).describe(move.params)]);
  }
  if (move.type === 'effect') {
    const effect = createEffect(move.kind, move.params, contextFor(engine, candidate));
    return inWords('effect', move.kind, effect.describe(), effect);
  }
  const who = move.name === null ? move.role : `${move.name} (${move.role})`;
  const how = move.unsigned ? 'an unsigned word counts' : 'signed';
  return inWords('approval', 'approval', [`the word of ${who}, ${how}`]);
}

/** Every step with its moves in words. */
export function describePlan(engine: Engine, plan: Plan, candidate: BuildAtHand | null) {
  return plan.steps.map((step) => ({
    step: step.step,
    title: step.title,
    owner: step.owner,
    planned: formatDuration(step.durationMs),
    moves: step.moves.map((move) => layOutMove(engine, move, candidate).words),
  }));
}
