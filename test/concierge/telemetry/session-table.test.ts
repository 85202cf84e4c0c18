import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionTable } from '../../../src/concierge/telemetry/session-table.ts';

/** What the table stands for: ids in the order of last sight, each with its row. */
class Plain {
  readonly #rows = new Map<string, number>();
  constructor(readonly ceiling: number) {}

  see(id: string): number {
    const known = this.#rows.get(id);
    if (known !== undefined) {
      this.#rows.delete(id);
      this.#rows.set(id, known);
      return known;
    }
    let row = this.#rows.size;
    if (row === this.ceiling) {
      const [oldest = '', freed = 0] = this.#rows.entries().next().value ?? [];
      this.#rows.delete(oldest);
      row = freed;
    }
    this.#rows.set(id, row);
    return ~row;
  }
}

describe('session table', () => {
  it('remembers exactly the sessions seen last', () => {
    const ids = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), ids, (ceiling, seen) => {
        const [table, plain] = [new SessionTable(ceiling), new Plain(ceiling)];
        for (const id of seen) expect(table.see(`sess_${id}`)).toBe(plain.see(`sess_${id}`));
      }),
    );
  });

  it('takes none of 200,000 sessions for another, random or numbered', () => {
    for (const name of [
      (n: number) => `sess_${n}`,
      (n: number) => (n * 2_654_435_761).toString(36),
    ]) {
      const table = new SessionTable(200_000);
      for (let n = 0; n < 200_000; n += 1) {
        if (table.see(name(n)) >= 0) expect.fail(`${name(n)} was taken for an earlier one`);
      }
      expect(table.see(name(7))).toBe(7);
    }
  });
});
