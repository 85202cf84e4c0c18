import { basename, join, resolve } from 'node:path';
import type { ExitCode } from '../../base/exit-codes.ts';
import { readChecklist } from '../../checks/checklist.ts';
import { readYamlFile } from '../../config/yaml-file.ts';
import {
  boundsFor,
  countedBy,
  type Policy,
  type Recording,
  recordedStandings,
  replayAll,
  type Simulated,
  simulateAll,
} from '../../judge/backtest/backtest.ts';
import type { SimulationPlan } from '../../judge/backtest/simulate.ts';
import { habitsOf, plannedHabits } from '../../judge/backtest/traffic.ts';
import { addCounts, noCounts } from '../../judge/counters.ts';
import { sloSchema } from '../../judge/slo.ts';
import { backtestDocument, type Simulation } from '../backtest/document.ts';
import { backtestLines } from '../backtest/lines.ts';
import { type PlannedWatch, plannedWatch } from '../backtest/planned-watch.ts';
import { exportStreams, recordedReleases, recordedStreams } from '../backtest/sources.ts';
import type { RunOptions } from '../globals.ts';
import type { Io } from '../io.ts';
import { type Output, openOutput, tableWidth } from '../output.ts';
import { type Reading, withReading } from '../reading.ts';

/** Options of `canary backtest`. */
export interface BacktestOptions extends RunOptions {
  /** File with the bands to try. */
  readonly policy?: string;
  readonly releases?: readonly string[];
  /** Canaries of each situation; 0 simulates none. */
  readonly simulate: number;
  readonly seed: number;
  /** The candidate's sessions in a window; as recorded, or 3,000, when left out. */
  readonly sessions?: number;
  /** Directory of stream files. */
  readonly streams?: string;
  /** Directory to write the recorded watches of the releases to. */
  readonly export?: string;
}

const errors = { invalid: 'PLAN_INVALID', missing: 'PLAN_INVALID' } as const;

/** Whoever waits is told at least so often how far it is. */
const tellEveryMs = 5_000;

/** What the design's tables are made for. */
const usualSessions = 3_000;

async function policiesOf(
  { plan }: Reading,
  { slo }: PlannedWatch,
  io: Io,
  asked: string | undefined,
): Promise<readonly Policy[]> {
  const own = await readChecklist(plan.directory, slo, sloSchema);
  const now = { id: 'now', file: join(basename(plan.directory), slo), slo: own } as const;
  if (asked === undefined) return [now];
  const path = resolve(io.workingDirectory, asked);
  return [now, { id: 'with', file: asked, slo: await readYamlFile(path, sloSchema, errors) }];
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((x, y) => x - y)[Math.floor((values.length - 1) / 2)];
}

/** How canaries are simulated: as customers came when there are recordings, else as planned. */
function simulationPlan(
  policies: readonly Policy[],
  planned: PlannedWatch,
  recordings: readonly Recording[],
  sessions: number | undefined,
): { readonly plan: SimulationPlan; readonly habits: Simulation['habits'] } {
  const counted = countedBy(recordings);
  const seen = habitsOf(counted.map(({ counts }) => counts).reduce(addCounts, noCounts));
  const typical = seen === null ? undefined : median(counted.map(({ perWindow }) => perWindow));
  const { rules, everyMs } = planned;
  return {
    plan: {
      rules,
      everyMs,
      sessions: sessions ?? typical ?? usualSessions,
      habits: seen ?? plannedHabits,
      bounds: boundsFor(policies),
    },
    habits: seen === null ? 'planned' : 'recorded',
  };
}

/** Lets signals and timers in, and throws when the verb was stopped. */
async function breathe(signal: AbortSignal): Promise<void> {
  await new Promise((done) => setImmediate(done));
  signal.throwIfAborted();
}

async function simulate(
  policies: readonly Policy[],
  plan: SimulationPlan,
  about: { readonly runs: number; readonly seed: number },
  { signal, clock }: Reading,
  output: Output,
): Promise<readonly Simulated[]> {
  const run = simulateAll(policies, plan, about);
  let told = { name: '', at: 0 };
  for (;;) {
    const next = run.next();
    if (next.done === true) return next.value;
    const { situation, done } = next.value;
    const at = clock.now();
    if (situation.name !== told.name) {
      output.remark(`simulating ${about.runs} canaries: ${situation.name}`);
      told = { name: situation.name, at };
    } else if (at - told.at >= tellEveryMs) {
      output.remark(`  ${done} of ${about.runs}`);
      told = { ...told, at };
    }
    await breathe(signal);
  }
}

async function simulationOf(
  policies: readonly Policy[],
  planned: PlannedWatch,
  recordings: readonly Recording[],
  { simulate: runs, seed, sessions }: BacktestOptions,
  reading: Reading,
  output: Output,
): Promise<Simulation | null> {
  if (runs === 0) return null;
  const { plan, habits } = simulationPlan(policies, planned, recordings, sessions);
  const situations = await simulate(policies, plan, { runs, seed }, reading, output);
  return { runs, seed, plan, habits, situations };
}

/** `aurora canary backtest`: what other bands would have made of canaries that were. */
export async function canaryBacktestVerb(io: Io, options: BacktestOptions): Promise<ExitCode> {
  return withReading<ExitCode>(io, options, async (reading) => {
    const output = openOutput(io, options);
    const at = (path: string) => resolve(io.workingDirectory, path);
    const planned = plannedWatch(reading.plan);
    const policies = await policiesOf(reading, planned, io, options.policy);
    const released = await recordedReleases(reading.store, options.releases ?? []);
    for (const remark of released.remarks) output.remark(`note: ${remark}`);
    const streams = options.streams === undefined ? [] : await recordedStreams(at(options.streams));
    const recordings = [...released.recordings, ...streams];
    const replayed = replayAll(policies, recordings);
    const found = {
      policies,
      replayed,
      standings: recordedStandings(policies, replayed),
      simulation: await simulationOf(policies, planned, recordings, options, reading, output),
      exported:
        options.export === undefined
          ? []
          : await exportStreams(at(options.export), released.recordings),
    };
    output.document('canary-backtest', backtestDocument(found));
    output.text(backtestLines(found, tableWidth(output)));
    return 0;
  });
}
