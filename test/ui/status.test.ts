import { describe, expect, it } from 'vitest';
import { statusLines } from '../../src/ui/status.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { type JournalBuilder, plan } from '../report/journal-builder.ts';
import * as journeys from '../report/journeys.ts';

const theme = createTheme({ colour: false, unicode: true });
const status = (journal: JournalBuilder, more: { width?: number; alive?: boolean } = {}) =>
  statusLines(journal.state, plan, { theme, now: Date.parse(journal.state.updatedAt), ...more });
const rowOf = (lines: readonly string[], step: number) =>
  lines.find((line) => new RegExp(`^\\S {2}${step} `).test(line));

describe('status view', () => {
  it('names release, build, who and since when', () => {
    const text = status(journeys.releasedJourney()).join('\n');
    expect(text).toContain('release  r-20251122-0430-7k2f');
    expect(text).toContain('stands   released');
    expect(text).toContain('concierge 1.4.0 (build 3f2a9c1b7d0e)');
    expect(text).toContain('2025-11-22 04:30:00 UTC by alex (59 s)');
  });

  it('has a row for each of the nine steps, planned beside actual', () => {
    const lines = status(journeys.waitingJourney());
    for (const row of plan.steps) expect(rowOf(lines, row.step)).toContain(row.title);
    expect(rowOf(lines, 3)).toMatch(/go +6 checks passed +2\.1 s +30 min \(30 s\)$/);
    expect(rowOf(lines, 5)).toMatch(/^◆ .* waiting /);
  });

  it('gives the reason of a hold and the checks behind it', () => {
    const text = status(journeys.heldJourney()).join('\n');
    expect(text).toContain('HOLD at step 7: errors: too few sessions to prove green');
    expect(text).toContain('samples   40');
  });

  it('sums a rollback up, with what failed', () => {
    const text = status(journeys.rolledBackJourney(true)).join('\n');
    expect(text).toMatch(/FAILED +purge the widget bundle +SERVICE_UNREACHABLE/);
    expect(text).toContain('customers are off the candidate, seen from outside');
  });

  it('ends with who must do what', () => {
    expect(status(journeys.canaryJourney(), { alive: false }).at(-1)).toBe(
      'next: alex must take up step 7 (Monitor canary), whose process is gone (what it did is probed first): aurora resume r-20251122-0430-7k2f',
    );
    expect(status(journeys.canaryJourney(), { alive: false }).join('\n')).toContain(
      'running, but no process works on it',
    );
  });

  it('keeps its table within the screen', () => {
    for (const width of [80, 100, 120]) {
      const lines = status(journeys.rolledBackJourney(true), { width }).slice(0, -1);
      const table = lines.filter((line) => !/^(ROLLBACK|. step)/.test(line));
      expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });
});
