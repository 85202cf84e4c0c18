import { z } from 'zod';
import { canonicalJson } from '../../proof/canonical.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** What a build says of its own files. No name, version or time: they are no part of the content. */
export const manifestSchema = z.strictObject({
  format: z.literal(1),
  files: z.strictObject({ 'server.mjs': digest, 'widget.js': digest }),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** The text of a manifest; equal builds have equal bytes. */
export function manifestText(files: Manifest['files']): string {
  return `${canonicalJson({ format: 1, files: { ...files } })}\n`;
}
