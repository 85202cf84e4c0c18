import { z } from 'zod';

/** What can be wrong with the model. `slow` waits `ms`; `quota` and `unpaid` tell `retryAfter` seconds. */
export const faultKinds = [
  'slow',
  'quota',
  'unpaid',
  'unauthorised',
  'broken',
  'garbage',
  'unknown-intent',
] as const;

/** The body of `PUT /fault`: `kind` null ends it. */
export const faultBody = z.strictObject({
  kind: z.enum(faultKinds).nullable(),
  ms: z.int().min(0).max(60_000).default(5_000),
  retryAfter: z.int().min(0).max(86_400).nullable().default(null),
});

/** The fault in force. */
export type ModelFault = z.infer<typeof faultBody>;

export const noFault: ModelFault = { kind: null, ms: 0, retryAfter: null };
