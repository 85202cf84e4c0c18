import { AuroraError } from '../base/errors.ts';
import { type Frozen, frozenAt, untilText } from '../plan/freeze.ts';
import type { PlanStep } from '../plan/plan.ts';
import type { Engine } from './engine.ts';
import { either } from './judge-override.ts';
import { giveOverride, isOverridden, type Override } from './override.ts';
import { changesEnvironment, productionTouched } from './production-touched.ts';
import type { ReleaseState } from './state.ts';

/** The release that wants to pass. */
export interface Passing {
  readonly release: string;
  readonly build: string;
  /** Overrides that its journal holds. */
  readonly given: readonly Override[];
  /** Why a window should not hold this once; null when nobody says so. */
  readonly reason: string | null;
}

function refusal({ plan }: Engine, frozen: Frozen): AuroraError {
  const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const until = untilText(frozen, here);
  const who = either(plan.overrides.roles);
  const override =
    who === ''
      ? 'The plan lets nobody override it (`overrides.roles`).'
      : `A ${who} with a key may add: --override "reason".`;
  return new AuroraError('FREEZE_WINDOW', `"${frozen.name}" holds until ${until}`, {
    where: `${plan.directory}/release.yaml`,
    remedy: `Wait until then. ${override} A rollback never asks.`,
  });
}

/**
 * Passes the freeze windows that hold now: the overrides that were signed for it, to be written
 * down. FREEZE_WINDOW where one holds and no reason is given; OVERRIDE_* where the person may not.
 */
export async function passFreezes(engine: Engine, passing: Passing): Promise<readonly Override[]> {
  const { release, build, given, reason } = passing;
  const made: Override[] = [];
  let left = engine.plan.freezes;
  for (;;) {
    const frozen = frozenAt(left, engine.clock.now());
    if (frozen === null) return made;
    const { name } = frozen;
    const about = {
      subject: 'freeze',
      about: name,
      release,
      plan: engine.plan.digest,
      build,
    } as const;
    if (!(await isOverridden(engine, about, given))) {
      if (reason === null) throw refusal(engine, frozen);
      made.push(await giveOverride(engine, about, reason));
    }
    left = left.filter((window) => window.name !== name);
  }
}

/** The same for a release that goes on: from its first change for customers on it goes through. */
export async function passFreezesAgain(
  engine: Engine,
  state: ReleaseState,
  reason: string | null,
): Promise<readonly Override[]> {
  const { environment } = engine.plan.flags;
  if (productionTouched(state, environment)) return [];
  const build = state.build?.digest ?? '';
  return passFreezes(engine, { release: state.id, build, given: state.overrides, reason });
}

/** Whether windows are looked at once more before this step. */
export function asksFreezes({ plan }: Engine, step: PlanStep): boolean {
  return changesEnvironment(step, plan.flags.environment);
}
