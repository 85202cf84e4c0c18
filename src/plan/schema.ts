import { z } from 'zod';
import { parseDuration } from '../base/duration.ts';
import { environmentNames } from '../base/environments.ts';

/** A duration such as `30 min`, in milliseconds once parsed. */
export const duration = z.string().transform((text, issues) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  issues.addIssue({ code: 'custom', message: `"${text}" is no duration such as "30 min"` });
  return z.NEVER;
});

const text = z.string().min(1);
const params = z.record(z.string(), z.unknown()).default({});

const move = z.union([
  z.strictObject({ check: text, with: params }),
  z.strictObject({ effect: text, with: params }),
  z.strictObject({
    approval: z.strictObject({
      role: text,
      name: text.optional(),
      unsigned: z.enum(['allowed', 'refused']).default('refused'),
      expires: duration,
    }),
  }),
]);

const verdict = z.enum(['no-go', 'hold', 'rollback']);

const step = z.strictObject({
  step: z.int().min(1),
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case words joined by hyphens'),
  title: text,
  owner: z.strictObject({ role: text, name: text.optional() }),
  duration,
  description: text,
  criterion: text,
  do: z.array(move).min(1),
  /** What a check that did not pass means here. */
  verdicts: z.strictObject({
    fail: verdict,
    inconclusive: verdict,
    error: verdict,
    catastrophe: verdict.optional(),
  }),
});

/** `release.yaml`: the plan's table with the moves that carry it out. */
export const releaseSchema = z.strictObject({
  title: text,
  version: text,
  date: text,
  flags: z.strictObject({
    canary: text,
    all: z.array(text).min(1),
    environment: z.enum(environmentNames),
  }),
  steps: z.array(step).min(1),
});

const compensation = z.strictObject({ effect: text, with: params, words: text });

/** `rollback.yaml`: what a rollback does, in phases; within a phase everything at once. */
export const rollbackSchema = z.strictObject({
  phases: z.array(z.strictObject({ phase: text, do: z.array(compensation).min(1) })).min(1),
});

export type ReleaseFile = z.infer<typeof releaseSchema>;
export type RollbackFile = z.infer<typeof rollbackSchema>;
