import { z } from 'zod';

const aspect = z.enum([
  'chain',
  'transitions',
  'fences',
  'times',
  'evidence',
  'approvals',
  'overrides',
  'signatures',
  'documents',
]);

const finding = z
  .strictObject({
    line: z.int().describe('of the journal, from 1; 0 for the journal as a whole'),
    seq: z.int().nullable(),
    type: z.string().nullable(),
    aspect,
    weight: z
      .enum(['wrong', 'unsure', 'remark'])
      .describe('wrong: it does not fit; unsure: it cannot be told from what is at hand'),
    what: z.string(),
  })
  .meta({ id: 'Finding' });

/** `verify` */
export const verify = z.strictObject({
  release: z.string(),
  where: z.string(),
  approvers: z.string().nullable(),
  fits: z.boolean(),
  code: z.string().nullable(),
  entries: z.int(),
  head: z.string().describe('SHA-256 of the last line'),
  looked: z.record(aspect, z.int()),
  results: z.record(z.string(), z.enum(['fits', 'DOES NOT FIT', 'not known', 'none'])),
  first: finding.nullable().describe('the first entry that does not fit'),
  findings: z.array(finding),
});
