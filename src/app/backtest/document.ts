import type { Policy, Replayed, Simulated } from '../../judge/backtest/backtest.ts';
import type { SimulationPlan } from '../../judge/backtest/simulate.ts';
import { type Standing, worthOf } from '../../judge/backtest/tally.ts';
import type { DocumentContent } from '../../report/schema/documents.ts';

/** What was simulated, and how. */
export interface Simulation {
  readonly runs: number;
  readonly seed: number;
  readonly plan: SimulationPlan;
  readonly habits: 'recorded' | 'planned';
  readonly situations: readonly Simulated[];
}

/** Everything that a backtest found. */
export interface Found {
  readonly policies: readonly Policy[];
  readonly replayed: readonly Replayed[];
  readonly standings: readonly Standing[];
  readonly simulation: Simulation | null;
  readonly exported: readonly string[];
}

/** By policy, in their order. */
function byPolicy<T extends object>(policies: readonly Policy[], items: readonly T[]) {
  return policies.flatMap(({ id }, at) => {
    const item = items[at];
    return item === undefined ? [] : [{ policy: id, ...item }];
  });
}

function simulated({ policies }: Found, { runs, seed, plan, habits, situations }: Simulation) {
  const { share, windowMs } = plan.rules;
  return {
    runs,
    seed,
    sessions: plan.sessions,
    share,
    windowMs,
    habits,
    situations: situations.map(({ situation, standings }) => ({
      name: situation.name,
      traffic: situation.kind,
      truth: situation.truth,
      standings: byPolicy(policies, standings),
    })),
  };
}

/** The `canary-backtest` document. */
export function backtestDocument(found: Found): DocumentContent<'canary-backtest'> {
  const { policies, replayed, standings, simulation, exported } = found;
  const ids = (slo: Policy['slo'], role: 'gate' | 'guard') =>
    slo.metrics.filter((metric) => metric.role === role).map(({ id }) => id);
  return {
    policies: policies.map(({ id, file, slo }) => ({
      id,
      file,
      alpha: slo.alpha,
      gates: ids(slo, 'gate'),
      guards: ids(slo, 'guard'),
    })),
    recorded: replayed.map(({ recording, endings }) => ({
      id: recording.id,
      from: recording.from,
      outcome: recording.outcome,
      truth: recording.truth,
      watches: recording.watches.length,
      endings: byPolicy(
        policies,
        endings.map((ending) => ({ ...ending, worth: worthOf(recording.truth, ending.end) })),
      ),
    })),
    recordedStandings: byPolicy(policies, standings),
    simulated: simulation === null ? null : simulated(found, simulation),
    exported,
  };
}
