import { z } from 'zod';

/** What is only read: a verb may hand over what it must not change. */
export type Read<T> = T extends readonly (infer Item)[]
  ? readonly Read<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Read<T[Key]> }
    : T;

/** An instant: ISO 8601, UTC. */
export const time = z.iso.datetime().describe('ISO 8601, UTC');

/** Milliseconds. */
export const milliseconds = z.number().min(0).describe('milliseconds');

/** Milliseconds since the epoch. */
export const epoch = z.number().describe('milliseconds since 1970-01-01T00:00:00Z');

export const digest = z.string().describe('SHA-256, hexadecimal');

export const environment = z.enum(['staging', 'production']);

export const exit = z
  .int()
  .describe('exit code: 0 go, 2 usage, 3 no-go, 4 hold, 5 rolled back, 6 incomplete, 7 lease held');

export const verdict = z.enum(['go', 'no-go', 'hold', 'rollback']);

/** Raw measurements: as each kind of check or effect keeps them. */
export const raw = z.record(z.string(), z.unknown());

export const owner = z
  .strictObject({ role: z.string(), name: z.string().nullable() })
  .meta({ id: 'Owner' });

export const build = z
  .strictObject({ name: z.string(), version: z.string(), digest })
  .meta({ id: 'Build' });

/** An error that the catalogue knows, as the journal keeps it. */
export const recordedError = z
  .strictObject({
    code: z.string(),
    message: z.string(),
    where: z.string().optional(),
    remedy: z.string().optional(),
  })
  .meta({ id: 'RecordedError' });

/** The public key that a signature was made with. */
export const signingKey = z
  .strictObject({ fingerprint: z.string(), text: z.string() })
  .meta({ id: 'SigningKey' });

/** One observed value compared with one expectation. */
export const check = z
  .strictObject({
    id: z.string().describe('stable, and unique in its gate'),
    title: z.string(),
    status: z
      .enum(['pass', 'fail', 'inconclusive', 'error'])
      .describe('inconclusive: too little data; error: could not be measured'),
    expected: z.string(),
    observed: z.string(),
    remedy: z.string().optional(),
    n: z.number().optional().describe('samples that a metric was judged on'),
    band: z.enum(['green', 'amber', 'red']).optional(),
    catastrophe: z.boolean().optional(),
    requestIds: z.array(z.string()).optional(),
    evidence: raw.optional(),
  })
  .meta({ id: 'Check' });

/** What an approval is bound to: a change of any of them voids it. */
export const binding = z
  .strictObject({
    release: z.string(),
    step: z.int(),
    environment,
    plan: digest,
    build: digest,
    evidence: digest,
    journal: digest,
    verdict,
    nonce: z.string(),
    expires: time,
  })
  .meta({ id: 'Binding' });
