import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { renderTicket } from '../../src/report/ticket.ts';
import { JournalBuilder, plan } from './journal-builder.ts';
import { lookAhead, lookData, metricsData, proven } from './looks.ts';

/** The ticket's section of the step that watched. */
function section(looks: readonly JsonObject[], step = 7): string {
  const journal = new JournalBuilder().create().start(step);
  for (const data of looks) journal.wait(1_000).add('watch.progress', { step, text: '', data });
  journal.end(step, 'hold', ['csat: 9 answers']);
  const ticket = renderTicket(journal.state, plan, journal.entries);
  const from = ticket.indexOf('### Watched');
  return from === -1 ? '' : ticket.slice(from, ticket.indexOf('\n## ', from));
}

describe('what the ticket tells of a watch', () => {
  it('shows the window as planned beside what was watched, on the clock of the rehearsal', () => {
    const text = section([lookData({ windowMs: 30_000, extendMs: 15_000, elapsedMs: 29_000 })]);
    expect(text).toContain('watched 29 s, planned 30 min (30 s, x60);');
    expect(text).toContain('10 readings; 2210 requests, 1 with a 5xx');
    expect(text).toContain('5.12 % of customers, 5 % configured');
    expect(text).not.toContain('extended by');
  });

  it('says that the window was extended, and by how much', () => {
    const long = { windowMs: 30_000, extendMs: 15_000, elapsedMs: 45_000, extended: true };
    expect(section([lookData(long)])).toContain('extended by 15 min (15 s, x60)');
  });

  it('gives each metric its samples, interval, control and both sorts of evidence', () => {
    const quantiles = { p50: [40, 60], p95: [220, null], p99: null };
    const metrics = metricsData({ errors: proven, 'products-latency': { quantiles } });
    const text = section([lookData({ metrics })]);
    const row = text.split('\n').find((line) => line.includes('Error rate')) ?? '';
    const cells = row.split('|').map((one) => one.trim());
    expect(cells.slice(1, -1)).toEqual([
      'green',
      'Error rate',
      'gate',
      '0.5 %',
      '540 sessions',
      '0',
      '0 % (0 % to 0.71 %)',
      '12 of 9800',
      '31 of 20',
      '0.2 of 180',
    ]);
    expect(text).toMatch(/Latency of products, p95 +\| 40 to 60 ms +\| above 220 ms +\| - /);
  });

  it('names everything that could not be judged, and that a guard holds nothing', () => {
    const metrics = metricsData({
      errors: proven,
      'products-latency': proven,
      csat: { why: '9 answers, 15 needed' },
    });
    const text = section([lookData({ metrics })]);
    const [, list = ''] = text.split('Could not be judged:');
    expect(list).toContain('- Negative CSAT answers: 9 answers, 15 needed');
    expect(list).toContain('- Latency of stylist, p95 (guard: holds nothing): 12 sessions');
    expect(list).not.toContain('- Error rate');
    expect(list.match(/^- /gm)).toHaveLength(7);
  });

  it('has no column for a control that there was not', () => {
    const alone = Object.fromEntries(
      Object.keys(metricsData()).map((id) => [id, { control: null }]),
    );
    const text = section([lookData({ compared: false, metrics: metricsData(alone) })]);
    expect(text).toContain('no control: bands only');
    expect(text).not.toContain('| Control');
  });

  it('tells what aurora asked itself apart from customers', () => {
    const metrics = metricsData({ 'stylist-latency': { n: 80, probes: 60 } });
    expect(section([lookData({ metrics })])).toContain(
      'Asked by aurora itself, not by customers: Latency of stylist, p95: 60 of 80 samples.',
    );
  });

  it('gives the reasons, drift, a broken split and what was not measured', () => {
    const text = section([
      lookData({
        state: 'amber',
        why: ['csat: 9 answers | 15 needed'],
        drift: 'the flag says 20 % instead of 5 %',
        split: { observed: 0.2, mismatch: true, words: '20 % instead of 5 %' },
        failures: 3,
        lastFailure: 'connect ECONNREFUSED',
      }),
    ]);
    expect(text).toContain('- csat: 9 answers | 15 needed');
    expect(text).toContain('**Changed meanwhile:** the flag says 20 % instead of 5 %.');
    expect(text).toContain('not split as configured');
    expect(text).toContain('the last 3 not measured (connect ECONNREFUSED)');
  });

  it('tells only the last look of each watch, and each watch of a step', () => {
    const looks = [
      lookAhead,
      lookData({ requests: 1 }),
      lookData({ requests: 2 }),
      lookData({ watch: 'ramp-25', share: 0.25, requests: 3 }),
    ];
    const text = section(looks, 8);
    expect(text).not.toContain('; 1 requests');
    expect(text).toContain('; 2 requests');
    expect(text).toContain('### Watched: ramp-25');
    expect(text).toContain('<summary>What was foreseen before the first look, from the last hour');
  });

  it('is not there where nothing was watched', () => {
    expect(section([])).toBe('');
  });
});
