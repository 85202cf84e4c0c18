import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  baselinePath,
  measureBaseline,
  readBaseline,
  usableBaseline,
  writeBaseline,
} from '../../src/checks/kpi-baseline.ts';
import type { EventFilter } from '../../src/services/database/database.ts';
import { MemoryDatabase } from './support/memory.ts';

const signal = new AbortController().signal;
const now = Date.parse('2025-10-10T08:00:00.000Z');
const day = 86_400_000;

/** A database with these numbers of the last seven days. */
class Week extends MemoryDatabase {
  readonly asked: Omit<EventFilter, 'event'>[] = [];
  readonly #counts: Readonly<Record<string, number>>;

  constructor(counts: Readonly<Record<string, number>>) {
    super();
    this.#counts = counts;
  }

  override async countEvents(filter: EventFilter) {
    this.asked.push(filter);
    return this.#counts[filter.event] ?? 0;
  }

  override async negativeCsat(filter: Omit<EventFilter, 'event'> = { environment: '' }) {
    this.asked.push(filter);
    return { bad: this.#counts.negative ?? 0, n: this.#counts.answers ?? 0 };
  }
}

const usual = {
  aurora_products_shown: 3_000,
  aurora_capsule_reserved: 900,
  negative: 60,
  answers: 600,
};

let state: string;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'aurora-baseline-'));
});
afterEach(() => rm(state, { recursive: true }));

describe('baseline', () => {
  it('is production of the seven days before', async () => {
    const database = new Week(usual);
    expect(await measureBaseline(database, now, signal)).toEqual({
      format: 1,
      measuredAt: '2025-10-10T08:00:00.000Z',
      from: '2025-10-03T08:00:00.000Z',
      to: '2025-10-10T08:00:00.000Z',
      capsuleConversion: { reserved: 900, shown: 3_000 },
      csatNegative: { bad: 60, n: 600 },
    });
    expect(database.asked).toHaveLength(3);
    for (const asked of database.asked) {
      expect(asked).toMatchObject({
        environment: 'prod',
        since: new Date(now - 7 * day),
        until: new Date(now),
      });
    }
  });

  it.each([
    'aurora_products_shown',
    'aurora_capsule_reserved',
    'answers',
  ])('of nothing in %s is NO_DATA: it would approve everything', async (missing) => {
    const database = new Week({ ...usual, [missing]: 0 });
    await expect(measureBaseline(database, now, signal)).rejects.toMatchObject({
      code: 'NO_DATA',
    });
  });

  it('is kept as a private file and read back as it was', async () => {
    const baseline = await measureBaseline(new Week(usual), now, signal);
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

  it.each(['{', '{"format":1}', '{"format":2}'])('that reads %s is refused', async (text) => {
    await writeBaseline(state, await measureBaseline(new Week(usual), now, signal));
    await writeFile(baselinePath(state), text);
    await expect(readBaseline(state)).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });

  it('must end before the release and not be too old', async () => {
    const baseline = await measureBaseline(new Week(usual), now, signal);
    expect(usableBaseline(baseline, now + day, 30 * day)).toBe(baseline);
    expect(() => usableBaseline(baseline, now - 1, 30 * day)).toThrow(/into the release/);
    expect(() => usableBaseline(baseline, now + 31 * day, 30 * day)).toThrow(/too old/);
  });
});
