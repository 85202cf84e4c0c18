import { z } from 'zod';
import { checklistName } from '../checklist.ts';
import { durationText } from '../durations.ts';

const share = z.number().gt(0).lt(1);
const id = z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and hyphens');
const query = z
  .string()
  .min(1)
  .describe("The plan's own words, verbatim; what runs stands beside them.");

/** A number of events that must be reached. */
const eventCount = z.strictObject({
  id,
  title: z.string().min(1),
  query,
  event: z.string().startsWith('aurora_'),
  atLeast: z.int().min(1),
});

/** A KPI against the stored baseline. */
const kpi = z.strictObject({ title: z.string().min(1), minSamples: z.int().min(1) });

/** `checklists/post-deploy.yaml`. */
export const postDeploySchema = z.strictObject({
  version: z.literal(1),
  slo: checklistName.describe('File with the bands that must hold again at 100 %.'),
  settle: z.strictObject({
    for: durationText,
    every: durationText,
    minShown: z.int().min(1),
  }),
  events: z.array(eventCount).min(1),
  negativeCsat: z.strictObject({
    title: z.string().min(1),
    query,
    atMost: share,
    minSamples: z.int().min(1),
  }),
  log: z.strictObject({
    title: z.string().min(1),
    query,
    paths: z.array(z.string().startsWith('/')).min(1),
  }),
  tickets: z.strictObject({ title: z.string().min(1), query, below: z.int().min(1) }),
  kpis: z
    .strictObject({
      healthyWithin: share.describe('Change against the baseline that is still healthy.'),
      rollbackBeyond: share.describe('A drop beyond this, when proven, rolls back.'),
      maxBaselineAge: durationText.describe(
        'A baseline that ended longer ago is no measure any more.',
      ),
      capsuleConversion: kpi,
      csat: kpi,
    })
    .refine(({ healthyWithin, rollbackBeyond }) => healthyWithin < rollbackBeyond, {
      path: ['healthyWithin'],
      error: 'must be smaller than rollbackBeyond',
    }),
});

export type PostDeployList = z.infer<typeof postDeploySchema>;
