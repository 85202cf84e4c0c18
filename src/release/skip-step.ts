import { AuroraError } from '../base/errors.ts';
import type { PlanStep } from '../plan/plan.ts';
import type { Engine } from './engine.ts';
import { giveOverride, type Override } from './override.ts';
import { changesEnvironment } from './production-touched.ts';
import type { ReleaseLog } from './release-log.ts';

/** Steps that are passed over on one person's word. */
export interface Skipping {
  readonly steps: readonly PlanStep[];
  readonly override: Override;
}

/** Whether a step may be passed over at all: later ones build on what it does to production. */
export function maySkip({ plan }: Engine, step: PlanStep): boolean {
  return !changesEnvironment(step, plan.flags.environment);
}

/** `1-4`, or `4` where it is one. */
function numbers(steps: readonly PlanStep[]): string {
  const [first, last] = [steps[0]?.step, steps.at(-1)?.step];
  return first === last ? `${first}` : `${first}-${last}`;
}

/**
 * Signs that these steps are passed over, under one override. SKIP_REFUSED for one that changes
 * production; USAGE without a reason; OVERRIDE_* where the person may not.
 */
export async function signSkip(
  engine: Engine,
  of: { readonly release: string; readonly build: string },
  steps: readonly PlanStep[],
  reason: string | null,
): Promise<Skipping> {
  const fixed = steps.find((step) => !maySkip(engine, step));
  if (fixed !== undefined) {
    const message = `step ${fixed.step} (${fixed.title}) changes ${engine.plan.flags.environment}`;
    throw new AuroraError('SKIP_REFUSED', message, {
      remedy: `Begin at step ${fixed.step} or before.`,
    });
  }
  if (reason === null || reason.trim() === '') {
    throw new AuroraError('USAGE', `passing over step ${numbers(steps)} needs a reason`, {
      remedy: 'Add --override "reason"; it is signed and stands in the ticket.',
    });
  }
  const { release, build } = of;
  const plan = engine.plan.digest;
  const about = { subject: 'skip', about: numbers(steps), release, plan, build } as const;
  return { steps, override: await giveOverride(engine, about, reason) };
}

/** Writes down that steps are passed over, by whom and why. */
export async function writeSkip(log: ReleaseLog, { steps, override }: Skipping): Promise<void> {
  await log.append('override.given', override);
  const { by, role, reason, signed } = override;
  for (const { step } of steps)
    await log.append('step.skipped', { step, by, role, reason, signed });
}
