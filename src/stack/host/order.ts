import { createHash } from 'node:crypto';
import { z } from 'zod';
import { environmentNames } from '../../base/environments.ts';
import { slotNames } from '../../deploy/driver.ts';

/** Which slot, as the path of a request names it. */
export const slotPath = z.strictObject({
  environment: z.enum(environmentNames),
  slot: z.enum(slotNames),
});

/** What `POST /slots/<environment>/<slot>` takes. */
export const startBody = z.strictObject({
  buildDirectory: z.string().startsWith('/', 'an absolute path'),
  build: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest'),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()),
  /** Names of the variables whose values must never be shown. */
  secrets: z.array(z.string()).default([]),
});

export type SlotPath = z.infer<typeof slotPath>;
export type StartOrder = z.infer<typeof startBody> & SlotPath;

/** Equal for orders that would start the same thing: build and environment, wherever it lies. */
export function orderDigest({ build, env }: StartOrder): string {
  const sorted = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([build, sorted]))
    .digest('hex');
}
