import { describe, expect, it } from 'vitest';
import { compileQuery } from '../../../src/stack/mongo/query/compile.ts';
import { Collection } from '../../../src/stack/mongo/storage/collection.ts';
import { readIndexSpec } from '../../../src/stack/mongo/storage/index-spec.ts';
import type { Doc } from '../../../src/stack/mongo/values/value.ts';

const count = 100_000;
const names = ['aurora_products_shown', 'aurora_order_tracked', 'aurora_csat_submitted'];

function filled(): Collection {
  const events = new Collection('aurora.events');
  events.addIndex(readIndexSpec({ key: { event: 1 }, name: 'event_1' }));
  for (let i = 0; i < count; i += 1) {
    events.insert({
      _id: i,
      event: names[i % names.length] ?? '',
      environment: i % 20 === 0 ? 'staging' : 'prod',
      timestamp: new Date(1_760_000_000_000 + i),
      build: i % 10 === 0 ? 'candidate' : 'stable',
    });
  }
  return events;
}

/** The quickest of several runs: the others measure whatever else the machine was doing. */
function quickest(run: () => void): number {
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe('counting among 100,000 events', () => {
  const events = filled();
  const since = new Date(1_760_000_000_000 + 1_000);
  const filter: Doc = { environment: 'prod', timestamp: { $gt: since }, build: 'stable' };

  it('takes well below 100 ms without an index', () => {
    expect(quickest(() => events.count(compileQuery(filter)))).toBeLessThan(100);
  });

  it('looks only at the candidates of an index', () => {
    let looked = 0;
    const query = compileQuery({ ...filter, event: 'aurora_csat_submitted' });
    const matches = (doc: Doc) => {
      looked += 1;
      return query.matches(doc);
    };
    const found = events.count({ ...query, matches });
    expect(looked).toBe(Math.floor(count / names.length));
    expect(found).toBe(events.docs(query).length);
    expect(quickest(() => events.count(query))).toBeLessThan(100);
  });
});
