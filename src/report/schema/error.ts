import { z } from 'zod';
import { exit } from './words.ts';

/** What a verb that failed leaves for programs. */
export const error = z.strictObject({
  code: z.string().nullable().describe('of the catalogue (docs/errors.md); null for a bug'),
  message: z.string(),
  where: z.string().nullable().describe('a file with a path inside it, an address, a command'),
  remedy: z.string().describe('what to do'),
  exit,
});

export type ErrorContent = z.infer<typeof error>;
