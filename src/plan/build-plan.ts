import { AuroraError } from '../base/errors.ts';
import type { Move, Plan, PlanStep } from './plan.ts';
import type { ReleaseFile, RollbackFile } from './schema.ts';

type StepFile = ReleaseFile['steps'][number];
type MoveFile = StepFile['do'][number];

function toMove(move: MoveFile): Move {
  if ('check' in move) return { type: 'check', kind: move.check, params: move.with };
  if ('effect' in move) return { type: 'effect', kind: move.effect, params: move.with };
  const { role, name, unsigned, expires } = move.approval;
  return {
    type: 'approval',
    role,
    name: name ?? null,
    unsigned: unsigned === 'allowed',
    expiresMs: expires,
  };
}

function toStep(step: StepFile): PlanStep {
  return {
    step: step.step,
    id: step.id,
    title: step.title,
    owner: { role: step.owner.role, name: step.owner.name ?? null },
    durationMs: step.duration,
    description: step.description,
    criterion: step.criterion,
    moves: step.do.map(toMove),
    verdicts: { ...step.verdicts, catastrophe: step.verdicts.catastrophe ?? step.verdicts.fail },
  };
}

/**
 * Makes a plan of its files. PLAN_INVALID, naming the step, when the steps are not numbered 1, 2,
 * 3 ... or a gate would have nothing to measure: no checks are never a go.
 */
export function buildPlan(
  release: ReleaseFile,
  rollback: RollbackFile,
  source: { readonly directory: string; readonly digest: string; readonly path: string },
): Plan {
  const steps = release.steps.map(toStep);
  for (const [index, step] of steps.entries()) {
    const refuse = (message: string) => {
      throw new AuroraError('PLAN_INVALID', `steps/${index}: ${message}`, { where: source.path });
    };
    if (step.step !== index + 1) refuse(`is numbered ${step.step}, not ${index + 1}`);
    if (step.moves.every((move) => move.type === 'effect')) refuse('has no check and no approval');
  }
  return {
    title: release.title,
    version: release.version,
    date: release.date,
    digest: source.digest,
    directory: source.directory,
    flags: release.flags,
    steps,
    rollback: rollback.phases.map((phase) =>
      phase.do.map((entry) => ({ kind: entry.effect, params: entry.with, words: entry.words })),
    ),
  };
}
