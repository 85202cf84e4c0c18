import { type Clock, systemClock } from '../base/clock.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { Plan } from '../plan/plan.ts';
import type { Engine } from '../release/engine.ts';
import type { RunOptions } from './globals.ts';
import type { Io } from './io.ts';
import { openState } from './open-state.ts';
import { keeperOf, openConfig, openPlan } from './opening.ts';
import { ownSignals } from './signals.ts';

/** What a verb needs that only looks at releases. It knows no services, checks or effects. */
export interface Reading {
  readonly loaded: LoadedConfig;
  readonly plan: Plan;
  readonly store: Engine['store'];
  readonly leases: Engine['leases'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Opens configuration, plan and releases for the time of a look at them. */
export async function withReading<T>(
  io: Io,
  options: RunOptions,
  look: (reading: Reading) => Promise<T>,
): Promise<T> {
  const keeper = keeperOf(io);
  const loaded = await openConfig(io, options, keeper);
  const { plan } = await openPlan(loaded.checklists, keeper);
  const state = openState(loaded, io.variables);
  const { signal, dispose } = ownSignals(() => undefined);
  try {
    return await look({
      loaded,
      plan,
      store: state.store,
      leases: state.leases,
      clock: systemClock,
      signal,
    });
  } finally {
    dispose();
    await state.close();
  }
}
