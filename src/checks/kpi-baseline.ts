import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isoTime } from '../base/clock.ts';
import { AuroraError, hasErrno, messageOf } from '../base/errors.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { DatabaseService } from '../services/database/database.ts';

const count = z.int().min(0);

const baselineSchema = z.strictObject({
  format: z.literal(1),
  measuredAt: z.iso.datetime(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  capsuleConversion: z.strictObject({ reserved: count, shown: count }),
  csatNegative: z.strictObject({ bad: count, n: count }),
});

/** What customers did in the seven days before: what a release is compared with. */
export type Baseline = z.infer<typeof baselineSchema>;

/** The plan's window: seven days, rolling. */
const windowMs = 7 * 24 * 3_600_000;

const remedy =
  'Run `aurora kpi baseline` before the release: it measures the seven days until now.';

/**
 * Measures production's seven days up to `now` (milliseconds since the epoch). NO_DATA when nothing
 * was shown or nobody answered: a baseline of nothing would approve everything.
 */
export async function measureBaseline(
  database: DatabaseService,
  now: number,
  signal: AbortSignal,
): Promise<Baseline> {
  const window = {
    environment: 'prod',
    since: new Date(now - windowMs),
    until: new Date(now),
  };
  const [shown, reserved, csatNegative] = await Promise.all([
    database.countEvents({ ...window, event: 'aurora_products_shown' }, signal),
    database.countEvents({ ...window, event: 'aurora_capsule_reserved' }, signal),
    database.negativeCsat(window, signal),
  ]);
  if (shown === 0 || reserved === 0 || csatNegative.n === 0) {
    throw new AuroraError('NO_DATA', 'the seven days before hold no sessions to compare with', {
      where: database.label,
    });
  }
  return {
    format: 1,
    measuredAt: isoTime(now),
    from: isoTime(now - windowMs),
    to: isoTime(now),
    capsuleConversion: { reserved, shown },
    csatNegative: { bad: csatNegative.bad, n: csatNegative.n },
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

/**
 * The baseline, if it fits this release: measured before the candidate reached anybody, and not
 * longer ago than `maxAgeMs`. Else NO_DATA with what to do.
 */
export function usableBaseline(baseline: Baseline, deployedAt: number, maxAgeMs: number): Baseline {
  const end = Date.parse(baseline.to);
  const refuse = (message: string) => new AuroraError('NO_DATA', message, { remedy });
  if (end > deployedAt) {
    throw refuse(`the baseline reaches until ${baseline.to}, into the release that it is to judge`);
  }
  if (deployedAt - end > maxAgeMs) throw refuse(`the baseline ends at ${baseline.to}: too old`);
  return baseline;
}
