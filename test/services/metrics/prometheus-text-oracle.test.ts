import fc from 'fast-check';
import parseWithLibrary from 'parse-prometheus-text-format';
import { Counter, Gauge, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parsePrometheus } from '../../../src/services/metrics/prometheus-text.ts';

/**
 * The library is the second opinion and not the parser: of a histogram with labels it keeps one
 * series, and it takes a line that was cut off for an empty value.
 */
function bothRead(text: string): void {
  const { samples, declared } = parsePrometheus(text);
  const families = parseWithLibrary(text);
  expect([...declared].sort()).toEqual(families.map(({ name }) => name).sort());
  for (const { name, metrics } of families) {
    const theirs = metrics.map(({ labels = {}, value }) => ({ labels, value: Number(value) }));
    expect(samples.get(name) ?? []).toEqual(theirs);
  }
}

const labelValue = fc.string({ unit: 'binary', maxLength: 12 });
const sample = fc.record({
  path: labelValue,
  status: labelValue,
  value: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
});

describe('prometheus text', () => {
  it('is read as a parser of others reads it, whatever the labels hold', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(sample, { selector: ({ path, status }) => `${path}\n${status}` }),
        async (counted) => {
          const registry = new Registry();
          const registers = [registry];
          const help = 'Of a test.';
          const counter = new Counter({
            name: 'requests_total',
            help,
            labelNames: ['path', 'status'],
            registers,
          });
          new Gauge({ name: 'start', help, registers }).set(1.5e9);
          for (const { path, status, value } of counted) counter.inc({ path, status }, value);
          bothRead(await registry.metrics());
        },
      ),
      { numRuns: 200 },
    );
  });
});
