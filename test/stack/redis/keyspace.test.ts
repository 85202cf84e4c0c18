import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Keyspace } from '../../../src/stack/redis/keyspace.ts';

const value = Buffer.from('x');
const all = () => true;

/** Every key of a whole scan. */
function scanned(keys: Keyspace, count: number): string[] {
  const found: string[] = [];
  let cursor = 0;
  do {
    const page = keys.scan(cursor, count, all);
    found.push(...page.keys);
    cursor = page.cursor;
  } while (cursor !== 0);
  return found;
}

describe('keyspace', () => {
  it('holds and scans what a plain map would, whatever is written, removed and swept', () => {
    const step = fc.record({
      kind: fc.constantFrom('set', 'delete', 'expire', 'sweep', 'wait'),
      key: fc.integer({ min: 0, max: 120 }).map((n) => `k${n}`),
      ms: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        let now = 1_000;
        const keys = new Keyspace(() => now);
        const model = new Map<string, number>();
        for (const { kind, key, ms } of steps) {
          if (kind === 'set') {
            keys.set(key, value, now + ms);
            model.set(key, now + ms);
          } else if (kind === 'delete') {
            expect(keys.delete(key)).toBe(model.delete(key));
          } else if (kind === 'expire') {
            expect(keys.expire(key, now + ms)).toBe(model.has(key));
            if (model.has(key)) model.set(key, now + ms);
          } else if (kind === 'sweep') {
            keys.sweep(ms);
          } else {
            now += ms;
          }
          for (const [name, expiresAt] of model) if (expiresAt <= now) model.delete(name);
        }
        expect(scanned(keys, 7).sort()).toEqual([...model.keys()].sort());
        // The first goes on where the last one stopped, up to the end; the second starts anew.
        keys.sweep(1_000);
        keys.sweep(1_000);
        expect(keys.size).toBe(model.size);
      }),
      { numRuns: 200 },
    );
  });

  it('ends a scan although every step adds more keys than it looks at', () => {
    const keys = new Keyspace(() => 0);
    for (let i = 0; i < 100; i += 1) keys.set(`old${i}`, value, Infinity);
    let cursor = 0;
    let steps = 0;
    do {
      cursor = keys.scan(cursor, 10, all).cursor;
      for (let i = 0; i < 20; i += 1) keys.set(`new${steps}-${i}`, value, Infinity);
      steps += 1;
    } while (cursor !== 0);
    expect(steps).toBe(10);
  });
});
