import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readChecklist } from '../../src/checks/checklist.ts';
import {
  baselinePath,
  definitionsOf,
  measureBaseline,
  readBaseline,
  usableBaseline,
  writeBaseline,
} from '../../src/checks/kpi-baseline.ts';
import { postDeploySchema } from '../../src/checks/post-deploy/list.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import type { EventRow, PipelineStage } from '../../src/services/database/database.ts';
import { stable } from './support/context.ts';
import { MemoryDatabase } from './support/memory.ts';

const signal = new AbortController().signal;
const now = Date.parse('2025-10-10T08:00:00.000Z');
const day = 86_400_000;

const { kpis } = await readChecklist(shippedChecklists(), 'post-deploy.yaml', postDeploySchema);

interface Numbers {
  readonly shown: number;
  readonly reserved: number;
  readonly negative: number;
  readonly answers: number;
}

const usual: Numbers = { shown: 3_000, reserved: 900, negative: 60, answers: 600 };

/** A database with these numbers of the last seven days, each session with one chance. */
class Week extends MemoryDatabase {
  readonly asked: Readonly<Record<string, unknown>>[] = [];
  readonly #of: Numbers;

  constructor(numbers: Numbers) {
    super();
    this.#of = numbers;
  }

  override async aggregateEvents(pipeline: readonly PipelineStage[]): Promise<readonly EventRow[]> {
    const match = pipeline[0]?.$match as Readonly<Record<string, unknown>>;
    this.asked.push(match);
    const { shown, reserved, negative, answers } = this.#of;
    if (match.event === undefined) return [{ _id: stable, events: shown + reserved + answers }];
    const [hits, n] = match.rating === undefined ? [reserved, shown] : [negative, answers];
    return [
      { _id: { n: 1, hits: 1 }, sessions: hits },
      { _id: { n: 1, hits: 0 }, sessions: n - hits },
    ];
  }
}

const measure = (numbers: Numbers = usual, until?: number) =>
  measureBaseline(
    new Week(numbers),
    { kpis, now, ...(until === undefined ? {} : { until }) },
    signal,
  );

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'aurora-baseline-'));
});
afterEach(() => rm(state, { recursive: true }));

describe('baseline', () => {
  it('is production of the seven days before, whatever builds served it', async () => {
    const database = new Week(usual);
    expect(await measureBaseline(database, { kpis, now }, signal)).toEqual({
      format: 2,
      measuredAt: '2025-10-10T08:00:00.000Z',
      from: '2025-10-03T08:00:00.000Z',
      to: '2025-10-10T08:00:00.000Z',
      definitions: definitionsOf(kpis),
      builds: [{ build: stable, events: 4_500 }],
      kpis: {
        capsuleConversion: { hits: 900, n: 3_000, sessions: 3_000, effect: 1 },
        negativeCsat: { hits: 60, n: 600, sessions: 600, effect: 1 },
      },
    });
    expect(database.asked).toHaveLength(3);
    for (const asked of database.asked) {
      expect(asked).toMatchObject({
        environment: 'prod',
        timestamp: { $gt: new Date(now - 7 * day), $lte: new Date(now) },
      });
      expect(asked).not.toHaveProperty('build');
    }
  });

  it('can end earlier, before customers met a candidate', async () => {
    const baseline = await measure(usual, now - day);
    expect([baseline.from, baseline.to]).toEqual([
      '2025-10-02T08:00:00.000Z',
      '2025-10-09T08:00:00.000Z',
    ]);
    expect(baseline.measuredAt).toBe('2025-10-10T08:00:00.000Z');
  });

  it.each([
    ['shown', { ...usual, shown: 0, reserved: 0 }],
    ['reserved', { ...usual, reserved: 0 }],
    ['answers', { ...usual, answers: 0, negative: 0 }],
  ])('of nothing in %s is NO_DATA: it would approve everything', async (_, numbers) => {
    await expect(measure(numbers)).rejects.toMatchObject({ code: 'NO_DATA' });
  });

  it('is kept as a private file and read back as it was', async () => {
    const baseline = await measure();
    const path = await writeBaseline(state, baseline);
    expect(path).toBe(join(state, 'baselines', 'production.json'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readBaseline(state)).toEqual(baseline);
  });

  it('that is missing names the command that makes one', async () => {
    await expect(readBaseline(state)).rejects.toMatchObject({
      code: 'NO_DATA',
      remedy: expect.stringContaining('aurora kpi baseline'),
    });
  });

  it.each(['{', '{"format":1}', '{"format":3}'])('that reads %s is refused', async (text) => {
    await writeBaseline(state, await measure());
    await writeFile(baselinePath(state), text);
    await expect(readBaseline(state)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });

  it('must end before the release, not be too old, and ask the same', async () => {
    const baseline = await measure();
    const use = { deployedAt: now + day, maxAgeMs: 30 * day, kpis };
    expect(usableBaseline(baseline, use)).toBe(baseline);
    expect(() => usableBaseline(baseline, { ...use, deployedAt: now - 1 })).toThrow(
      /into the release/,
    );
    expect(() => usableBaseline(baseline, { ...use, deployedAt: now + 31 * day })).toThrow(
      /too old/,
    );
    const { negativeCsat } = kpis;
    const other = { ...kpis, negativeCsat: { ...negativeCsat, pipeline: [{ $limit: 1 }] } };
    expect(() => usableBaseline(baseline, { ...use, kpis: other })).toThrow(/other definitions/);
  });
});
