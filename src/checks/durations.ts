import { z } from 'zod';
import { parseDuration } from '../base/duration.ts';

/** A duration in a checklist, kept as written: `10 min`, `30 s`. */
export const durationText = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as "10 min" or "30 s"');

/** Milliseconds of a validated duration, as the plan means it. */
export function plannedMs(text: string): number {
  return parseDuration(text) ?? 0;
}

/** Milliseconds that a rehearsal takes for it. */
export function scaledMs(text: string, timeScale: number): number {
  return plannedMs(text) / timeScale;
}
