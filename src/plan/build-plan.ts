import type { Move, Plan, PlanStep } from './plan.ts';
import type { ReleaseFile, RollbackFile } from './schema.ts';

type StepFile = ReleaseFile['steps'][number];
type MoveFile = StepFile['do'][number];

function toMove(move: MoveFile): Move {
  if ('check' in move) return { type: 'check', kind: move.check, params: move.with };
  if ('effect' in move) return { type: 'effect', kind: move.effect, params: move.with };
  const { role, name, count, self, unsigned, expires } = move.approval;
  return {
    type: 'approval',
    role,
    name: name ?? null,
    count,
    self: self === 'allowed',
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

/** Makes a plan of its files, which their schemas have found whole. */
export function buildPlan(
  release: ReleaseFile,
  rollback: RollbackFile,
  source: { readonly directory: string; readonly digest: string },
): Plan {
  return {
    title: release.title,
    version: release.version,
    date: release.date,
    digest: source.digest,
    directory: source.directory,
    flags: release.flags,
    freezes: release.freezes,
    overrides: release.overrides,
    people: release.people,
    steps: release.steps.map(toStep),
    rollback: rollback.phases.map((phase) =>
      phase.do.map((entry) => ({ kind: entry.effect, params: entry.with, words: entry.words })),
    ),
  };
}
