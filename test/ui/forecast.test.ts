import { describe, expect, it } from 'vitest';
import { readChecklist } from '../../src/checks/checklist.ts';
import { shippedChecklists } from '../../src/config/shipped.ts';
import { foresee } from '../../src/judge/feasibility.ts';
import { sloSchema } from '../../src/judge/slo.ts';
import { forecastLines } from '../../src/ui/forecast.ts';
import { textWidth } from '../../src/ui/text.ts';
import { createTheme } from '../../src/ui/theme.ts';
import { cohort } from '../judge/counts.ts';

const slo = await readChecklist(shippedChecklists(), 'slo.yaml', sloSchema);
const theme = createTheme({ colour: false, unicode: false });
const minutes = 60_000;

/** Forecasts for a canary at 5 % in half an hour, from so many sessions in the last hour. */
function lines(sessions: number, width?: number, bad = 0): readonly string[] {
  const traffic = { counts: cohort(sessions, { bad }), durationMs: 60 * minutes };
  const window = { windowMs: 30 * minutes, share: 0.05, compared: true };
  return forecastLines(foresee(slo, traffic, window), { theme, width });
}
const row = (all: readonly string[], title: string) => all.find((line) => line.includes(title));

describe('a forecast', () => {
  it('says of each metric what comes, what is needed, what is noticed and what would do', () => {
    const all = lines(8_000);
    expect(all[0]).toMatch(
      /metric +role +samples +needed +can be proven +is noticed from +would do/,
    );
    expect(row(all, 'Error rate')).toMatch(
      /! +Error rate +gate +200 +679 +no .* % or \d+ h \d+ min/,
    );
    expect(all.at(-1)).toContain('will probably hold, for want of proof: errors');
  });

  it('says that such a canary can go on by itself when every gate can be proven', () => {
    const all = lines(200_000);
    expect(row(all, 'Error rate')).toMatch(/\+ +Error rate +gate +5000 +679 +yes, 100 % likely/);
    expect(all.at(-1)).toBe('every gate can be proven: such a canary can go on by itself');
  });

  it('says what nothing would prove: customers are worse off now than the limit', () => {
    const all = lines(8_000, undefined, 400);
    expect(row(all, 'Error rate')).toContain('nothing: 5 % are bad now');
  });

  it('fits a screen, and loses no word on it', () => {
    for (const width of [80, 100, 140]) {
      const all = lines(8_000, width).slice(0, -1);
      for (const line of all) expect(textWidth(line), line).toBeLessThanOrEqual(width);
    }
  });
});
