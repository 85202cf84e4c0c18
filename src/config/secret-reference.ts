import { z } from 'zod';

/** A secret in the configuration is always a reference, never a value. */
export const secretReference = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'an environment variable name') }),
    z.strictObject({ vault: z.string().regex(/^[^#\s]+(#[^#\s]+)?$/, 'path#field') }),
  ],
  { error: 'a secret is a reference, { env: NAME } or { vault: path#field }, never its value' },
);

export type SecretReferenceConfig = z.infer<typeof secretReference>;
