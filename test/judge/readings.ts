import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Slo, sloSchema } from '../../src/judge/slo.ts';
import type { ReadCohort, WatchReading, WatchRules } from '../../src/judge/watching.ts';

/** The shipped bands. */
export const shippedSlo: Slo = sloSchema.parse(
  parse(readFileSync(new URL('../../checklists/slo.yaml', import.meta.url), 'utf8')),
);

const minute = 60_000;

/** Half an hour with a quarter in reserve, at 5 %. */
export const rules: WatchRules = {
  slo: shippedSlo,
  windowMs: 30 * minute,
  extendMs: 15 * minute,
  compared: true,
  share: 0.05,
  assignmentAfterMs: 5 * minute,
};

/** The look of that minute. */
export function lookAt(
  minutes: number,
  candidate: ReadCohort,
  control: ReadCohort | null,
  more: Partial<WatchReading> = {},
): WatchReading {
  const elapsedMs = minutes * minute;
  return { at: 1_760_000_000_000 + elapsedMs, elapsedMs, candidate, control, ...more };
}

export const unread: ReadCohort = { error: 'no answer' };
