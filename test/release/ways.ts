import { systemClock } from '../../src/base/clock.ts';
import type { Plan, PlanStep } from '../../src/plan/plan.ts';
import type { Engine } from '../../src/release/engine.ts';
import type { EventData, EventType, JournalEntry } from '../../src/release/events.ts';
import { rita, signerOf } from './people.ts';
import { rollbackPhases, type World } from './world.ts';

/** An engine whose plan and surroundings differ; Rita, a release manager, sits at the keyboard. */
export function wayEngine(
  world: World,
  steps: readonly PlanStep[],
  plan: Partial<Plan> = {},
  change: Partial<Engine> = {},
): Engine & { entries: JournalEntry[] } {
  const engine = world.engine(steps, rollbackPhases, {
    signer: async () => signerOf(rita),
    ...change,
  });
  const overrides = { roles: ['Release Manager'] };
  return { ...engine, plan: { ...engine.plan, overrides, ...plan } };
}

/** The machine's clock, moved to begin at another time; `to` moves it again. */
export function clockAt(iso: string) {
  let offset = Date.parse(iso) - Date.now();
  return {
    clock: { ...systemClock, now: () => Date.now() + offset },
    to: (next: string) => {
      offset = Date.parse(next) - Date.now();
    },
  };
}

/** The entries of one type, as their data. */
export function dataOf<T extends EventType>(
  entries: readonly JournalEntry[],
  type: T,
): readonly EventData[T][] {
  return entries.flatMap((entry) => (entry.type === type ? [entry.data as EventData[T]] : []));
}
