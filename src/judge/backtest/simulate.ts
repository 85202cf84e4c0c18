import type { StreamRules } from '../stream.ts';
import type { WatchReading } from '../watching.ts';
import type { Random } from './random.ts';
import { type CohortTruth, type Habits, SimulatedCohort } from './traffic.ts';

/**
 * How customers come and how errors fall. `steady`: the same at every look, one request an ask.
 * `clustered`: five requests an ask, all of which fail or none. `varying`: the day climbs, looks
 * burst to five times the traffic, and errors come with the load, of both builds alike.
 */
export type TrafficKind = 'steady' | 'clustered' | 'varying';

/** Candidates that are alike, and what a policy ought to make of them. */
export interface Situation {
  readonly name: string;
  readonly kind: TrafficKind;
  readonly truth: 'good' | 'bad';
  readonly candidate: CohortTruth;
  readonly control: CohortTruth;
}

const well: CohortTruth = { errors: 0.001, slow: 0, unhappy: 0.1 };
const atLimit: CohortTruth = { ...well, errors: 0.005 };

function situation(
  name: string,
  truth: Situation['truth'],
  given: Partial<Omit<Situation, 'name' | 'truth'>> = {},
): Situation {
  const control = given.control ?? well;
  return { name, truth, kind: 'steady', candidate: control, ...given, control };
}

const twice = { control: atLimit, candidate: { ...atLimit, errors: 0.01 } };
const fourfold = { control: atLimit, candidate: { ...atLimit, errors: 0.02 } };

/** Good ones first. */
export const situations: readonly Situation[] = [
  situation('as good as now', 'good'),
  situation('as good, clustered', 'good', { kind: 'clustered' }),
  situation('as good, varying traffic', 'good', { kind: 'varying' }),
  situation('2x errors (1 %)', 'bad', twice),
  situation('4x errors (2 %)', 'bad', fourfold),
  situation('4x errors, clustered', 'bad', { ...fourfold, kind: 'clustered' }),
  situation('4x errors, varying traffic', 'bad', { ...fourfold, kind: 'varying' }),
  situation('slow products (25 %)', 'bad', { candidate: { ...well, slow: 0.25 } }),
  situation('unhappy (30 %, not 10 %)', 'bad', { candidate: { ...well, unhappy: 0.3 } }),
];

/** How canaries are simulated. */
export interface SimulationPlan {
  readonly rules: StreamRules;
  readonly everyMs: number;
  /** The candidate's sessions in the window, on average. */
  readonly sessions: number;
  readonly habits: Habits;
  /** Bounds of the histogram, ascending. */
  readonly bounds: readonly number[];
}

const cluster = 5;

/** Relative traffic of each look, on average 1, and how bad each is beside the worst. */
function shapeOf(kind: TrafficKind, looks: number, random: Random) {
  if (kind !== 'varying') return Array.from({ length: looks }, () => ({ load: 1, errors: 1 }));
  const slope = random.next();
  const loads = Array.from({ length: looks }, (_, look) => {
    const burst = random.next() < 0.1 ? 5 : 1;
    return (1 + (slope * look) / looks) * burst;
  });
  const mean = loads.reduce((sum, load) => sum + load, 0) / looks;
  const most = Math.max(...loads);
  return loads.map((load) => ({ load: load / mean, errors: 0.5 + (0.5 * load) / most }));
}

const scaled = (truth: CohortTruth, errors: number) => ({
  ...truth,
  errors: truth.errors * errors,
});

/** When looks are taken, as the gate does: at the ends of the window and of its extension too. */
function lookTimes({ rules, everyMs }: SimulationPlan): readonly number[] {
  const end = rules.windowMs + rules.extendMs;
  const times = [0];
  for (let at = 0; at < end; ) {
    const next = at < rules.windowMs ? rules.windowMs : end;
    at = Math.min(at + everyMs, next);
    times.push(at);
  }
  return times;
}

/** One canary of this kind, with the looks of the extension, which may not be needed. */
export function simulateWatch(
  plan: SimulationPlan,
  { kind, candidate: own, control: other }: Situation,
  random: Random,
): readonly WatchReading[] {
  const { rules, sessions, habits, bounds } = plan;
  const together = kind === 'clustered' ? cluster : 1;
  const candidate = new SimulatedCohort(bounds, together);
  const control = new SimulatedCohort(bounds, together);
  const times = lookTimes(plan);
  const share = rules.share ?? 1;
  const shape = shapeOf(kind, times.length - 1, random);
  return times.map((elapsedMs, look) => {
    const before = times[look - 1] ?? 0;
    const { load, errors } = shape[look - 1] ?? { load: 0, errors: 0 };
    const all = Math.round((load * sessions * (elapsedMs - before)) / rules.windowMs / share);
    const mine = random.binomial(all, share);
    candidate.add(mine, scaled(own, errors), habits, random);
    control.add(all - mine, scaled(other, errors), habits, random);
    const at = elapsedMs;
    return {
      at,
      elapsedMs,
      candidate: candidate.read(at),
      control: rules.compared ? control.read(at) : null,
    };
  });
}
