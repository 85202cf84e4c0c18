import { describe, expect, it } from 'vitest';
import { StubStore } from '../../../src/concierge/storage/stub-store.ts';
import { timedStore } from '../../../src/concierge/storage/timed-store.ts';

type Told = readonly [operation: string, failed: boolean];

function timed(store: StubStore) {
  const told: Told[] = [];
  const durations: number[] = [];
  const watched = timedStore(store, (operation, durationMs, failed) => {
    told.push([operation, failed]);
    durations.push(durationMs);
  });
  return { watched, told, durations };
}

describe('a timed store', () => {
  it('answers like the store and tells each question by its name', async () => {
    const { watched, told, durations } = timed(new StubStore());
    expect(await watched.products()).toHaveLength(4);
    expect(await watched.findOrder({ orderNumber: 'GG-1' })).toMatchObject({
      orderNumber: 'GG-1',
    });
    expect(told).toEqual([
      ['products', false],
      ['findOrder', false],
    ]);
    expect(durations.every((ms) => ms >= 0)).toBe(true);
  });
  it('tells a failure and hands its error on', async () => {
    class Away extends StubStore {
      override async ping(): Promise<void> {
        throw new Error('away');
      }
    }
    const { watched, told } = timed(new Away());
    await expect(watched.ping()).rejects.toThrow('away');
    expect(told).toEqual([['ping', true]]);
  });
  it('times methods that came later, and not the closing', async () => {
    class Larger extends StubStore {
      readonly #answer = 42;
      async newer(): Promise<number> {
        return this.#answer;
      }
    }
    const told: string[] = [];
    const watched = timedStore(new Larger(), (operation) => told.push(operation));
    expect(await watched.newer()).toBe(42);
    await watched.close();
    expect(told).toEqual(['newer']);
  });
  it('times an answer that comes piece by piece until its last piece, and tells where it breaks off', async () => {
    const made: string[] = [];
    const told: Told[] = [];
    const durations: number[] = [];
    const source = {
      async *pieces(last: number, breaks: boolean) {
        made.push('asked');
        for (let n = 1; n <= last; n += 1) yield n;
        if (breaks) throw new Error('broke off');
      },
    };
    const watched = timedStore(source, (operation, durationMs, failed) => {
      told.push([operation, failed]);
      durations.push(durationMs);
    });
    const read = async (pieces: AsyncIterable<number>, enough = 9) => {
      const seen: number[] = [];
      for await (const piece of pieces) {
        seen.push(piece);
        if (seen.length === enough) break;
      }
      return seen;
    };
    const pieces = watched.pieces(3, false);
    expect([made, told]).toEqual([[], []]);
    expect(await read(pieces)).toEqual([1, 2, 3]);
    expect(await read(watched.pieces(3, false), 2)).toEqual([1, 2]);
    await expect(read(watched.pieces(1, true))).rejects.toThrow('broke off');
    expect(told).toEqual([
      ['pieces', false],
      ['pieces', false],
      ['pieces', true],
    ]);
    expect(durations.every((ms) => ms >= 0)).toBe(true);
  });
});
