import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isoTime } from '../base/clock.ts';
import { AuroraError, hasErrno, messageOf } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { Json } from '../base/json.ts';
import { digestJson } from '../proof/digest.ts';
import type { DatabaseService, PipelineStage } from '../services/database/database.ts';
import { type KpiSample, kpiSample } from './post-deploy/kpi-sample.ts';
import type { PostDeployList } from './post-deploy/list.ts';
import { fillPipeline } from './post-deploy/pipeline.ts';
import { shapesOf } from './post-deploy/rows.ts';

const count = z.int().min(0);
const sample = z.strictObject({
  hits: count,
  n: count,
  sessions: count,
  effect: z.number().min(1),
});

const baselineSchema = z.strictObject({
  format: z.literal(2),
  measuredAt: z.iso.datetime(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Digest of the pipelines that measured it: now and before must be asked the same question. */
  definitions: z.string(),
  /** Whose events these are, most first. */
  builds: z.array(z.strictObject({ build: z.string(), events: count })),
  kpis: z.strictObject({ capsuleConversion: sample, negativeCsat: sample }),
});

/** What customers did in the seven days before: what a release is compared with. */
export type Baseline = z.infer<typeof baselineSchema>;

type Kpis = PostDeployList['kpis'];

/** The plan's window: seven days, rolling. */
const windowMs = 7 * 24 * 3_600_000;

/** More builds than this in a week are not listed. */
const listedBuilds = 10;

const remedy =
  'Run `aurora kpi baseline` before the release: it measures the seven days until now. ' +
  'Once customers have the candidate: `aurora kpi baseline --until <the moment before>`.';

/** What the pipelines of the KPIs ask, as one digest. */
export function definitionsOf({ capsuleConversion, negativeCsat }: Kpis): string {
  return digestJson([capsuleConversion.pipeline, negativeCsat.pipeline] as Json);
}

/** Whose events there are in a window of production. */
function buildsPipeline(since: Date, until: Date): readonly PipelineStage[] {
  return [
    { $match: { environment: 'prod', timestamp: { $gt: since, $lte: until } } },
    { $group: { _id: '$build', events: { $sum: 1 } } },
    { $sort: { events: -1 } },
    { $limit: listedBuilds },
  ];
}

const buildRow = z.object({ _id: z.string().nullable(), events: z.coerce.number() });

/** What is asked when a baseline is measured. Times in milliseconds since the epoch. */
export interface BaselineQuestion {
  readonly kpis: Kpis;
  readonly now: number;
  /** The end of the seven days; now when left out. */
  readonly until?: number;
}

/**
 * Measures seven days of production, whatever builds served them. NO_DATA when nothing was shown,
 * nothing reserved or nobody answered: a baseline of nothing would approve everything.
 */
export async function measureBaseline(
  database: DatabaseService,
  { kpis, now, until = now }: BaselineQuestion,
  signal: AbortSignal,
): Promise<Baseline> {
  const deploy = new Date(until - windowMs);
  const end = new Date(until);
  const values = { deploy, now: end, environment: 'prod', build: null };
  const measure = async (pipeline: readonly PipelineStage[]): Promise<KpiSample> =>
    kpiSample(shapesOf(await database.aggregateEvents(fillPipeline(pipeline, values), signal)));
  const [capsuleConversion, negativeCsat, builds] = await Promise.all([
    measure(kpis.capsuleConversion.pipeline),
    measure(kpis.negativeCsat.pipeline),
    database.aggregateEvents(buildsPipeline(deploy, end), signal),
  ]);
  if (capsuleConversion.hits === 0 || negativeCsat.n === 0) {
    throw new AuroraError('NO_DATA', 'these seven days hold no sessions to compare with', {
      where: database.label,
    });
  }
  return {
    format: 2,
    measuredAt: isoTime(now),
    from: isoTime(deploy.getTime()),
    to: isoTime(until),
    definitions: definitionsOf(kpis),
    builds: builds.map((row) => {
      const { _id, events } = buildRow.parse(row);
      return { build: _id ?? 'unknown', events };
    }),
    kpis: { capsuleConversion, negativeCsat },
  };
}

/** Where production's baseline is kept. */
export function baselinePath(stateDirectory: string): string {
  return join(stateDirectory, 'baselines', 'production.json');
}

/** Stores a baseline, whole or not at all. Returns the path. */
export async function writeBaseline(stateDirectory: string, baseline: Baseline): Promise<string> {
  const path = baselinePath(stateDirectory);
  await writeFileAtomic(path, `${JSON.stringify(baseline, null, 2)}\n`);
  return path;
}

/** Reads the stored baseline. NO_DATA when there is none, STORE_FAILED when it is not readable. */
export async function readBaseline(stateDirectory: string): Promise<Baseline> {
  const where = baselinePath(stateDirectory);
  let text: string;
  try {
    text = await readFile(where, 'utf8');
  } catch (cause) {
    if (hasErrno(cause, 'ENOENT')) {
      throw new AuroraError('NO_DATA', 'no baseline is stored', { where, remedy, cause });
    }
    throw new AuroraError('STORE_FAILED', messageOf(cause), { where, cause });
  }
  try {
    return baselineSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AuroraError('STORE_FAILED', 'the stored baseline is malformed', {
      where,
      remedy,
      cause,
    });
  }
}

/** What a baseline is wanted for. */
export interface BaselineUse {
  /** When customers first met the candidate, milliseconds since the epoch. */
  readonly deployedAt: number;
  readonly maxAgeMs: number;
  readonly kpis: Kpis;
}

/**
 * The baseline, if it fits this release: measured before the candidate reached anybody, not longer
 * ago than `maxAgeMs`, and by the same pipelines. Else NO_DATA with what to do.
 */
export function usableBaseline(baseline: Baseline, use: BaselineUse): Baseline {
  const { deployedAt, maxAgeMs, kpis } = use;
  const end = Date.parse(baseline.to);
  const refuse = (message: string) => new AuroraError('NO_DATA', message, { remedy });
  if (end > deployedAt) {
    throw refuse(`the baseline reaches until ${baseline.to}, into the release that it is to judge`);
  }
  if (deployedAt - end > maxAgeMs) throw refuse(`the baseline ends at ${baseline.to}: too old`);
  if (baseline.definitions !== definitionsOf(kpis)) {
    throw refuse('the baseline was measured by other definitions than post-deploy.yaml has now');
  }
  return baseline;
}
