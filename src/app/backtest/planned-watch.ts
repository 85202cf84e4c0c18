import { z } from 'zod';
import { AuroraError } from '../../base/errors.ts';
import { checklistName } from '../../checks/checklist.ts';
import { durationText, plannedMs } from '../../checks/durations.ts';
import type { StreamRules } from '../../judge/stream.ts';
import type { Plan, PlanStep } from '../../plan/plan.ts';

/** The canary of a plan: how it is watched, and by which bands. Planned times, not scaled. */
export interface PlannedWatch {
  readonly rules: StreamRules;
  readonly everyMs: number;
  /** File with the bands, in the directory of the checklists. */
  readonly slo: string;
}

/** Of the canary's parameters only what a simulation goes by; the plan was validated before. */
const watched = z.object({
  for: durationText,
  every: durationText,
  extend: durationText.default('5 min'),
  settle: durationText.default('5 min'),
  slo: checklistName.default('slo.yaml'),
});

const shared = z.object({ percent: z.number().gt(0).max(100) });

function canaryIn({ moves }: PlanStep) {
  return moves.find(
    ({ type, ...move }) => type === 'check' && 'kind' in move && move.kind === 'canary',
  );
}

/** The share that customers were given by the time the canary begins; all where nothing says so. */
function shareBefore({ steps }: Plan, step: number): number {
  const given = steps
    .filter((one) => one.step <= step)
    .flatMap(({ moves }) =>
      moves.flatMap((move) => {
        if (move.type !== 'effect' || move.kind !== 'set-cohort') return [];
        const found = shared.safeParse(move.params);
        return found.success ? [found.data.percent / 100] : [];
      }),
    );
  return given.at(-1) ?? 1;
}

/** How the plan watches its canary. PLAN_INVALID when it has none. */
export function plannedWatch(plan: Plan): PlannedWatch {
  const step = plan.steps.find((one) => canaryIn(one) !== undefined);
  const move = step === undefined ? undefined : canaryIn(step);
  if (step === undefined || move === undefined || !('params' in move)) {
    throw new AuroraError('PLAN_INVALID', 'no step of the plan watches a canary', {
      where: plan.directory,
      remedy: 'Give a step the move `check: canary`.',
    });
  }
  const found = watched.parse(move.params);
  const share = shareBefore(plan, step.step);
  return {
    rules: {
      windowMs: plannedMs(found.for),
      extendMs: plannedMs(found.extend),
      compared: share < 1,
      share: share < 1 ? share : null,
      assignmentAfterMs: plannedMs(found.settle),
    },
    everyMs: plannedMs(found.every),
    slo: found.slo,
  };
}
