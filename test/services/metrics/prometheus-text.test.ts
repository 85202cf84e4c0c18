import { Counter, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parsePrometheus } from '../../../src/services/metrics/prometheus-text.ts';

describe('prometheus text', () => {
  it('is read as prom-client writes it', async () => {
    const registry = new Registry();
    const counter = new Counter({
      name: 'c',
      help: 'h',
      labelNames: ['path'],
      registers: [registry],
    });
    const histogram = new Histogram({
      name: 'h',
      help: 'h',
      buckets: [0.1],
      registers: [registry],
    });
    const odd = 'a "quoted" \\ back\nline, {x="y"}';
    counter.inc({ path: odd }, 3);
    histogram.observe(0.05);
    const { samples, declared } = parsePrometheus(await registry.metrics());
    expect(samples.get('c')).toEqual([{ labels: { path: odd }, value: 3 }]);
    expect(samples.get('h_bucket')?.map(({ value }) => value)).toEqual([1, 1]);
    expect([...declared]).toEqual(['c', 'h']);
  });

  it('knows infinities, NaN, exponents and timestamps', () => {
    const { samples } = parsePrometheus('a +Inf\nb -Inf\nc NaN\nn Nan\nd 1.5e3 1700000000000\n');
    expect(['a', 'b', 'c', 'n', 'd'].map((name) => samples.get(name)?.[0]?.value)).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
      Number.NaN,
      1_500,
    ]);
  });

  it.each([
    'a',
    'a{b="c} 1',
    'a{b=c} 1',
    'a one',
    '<html>',
  ])('refuses %s and names the line', (line) => {
    expect(() => parsePrometheus(`fine 1\n${line}\n`)).toThrow(/line 2/);
  });
});
