import { z } from 'zod';
import { checklistName } from '../checklist.ts';
import { durationText } from '../durations.ts';
import { eventPipeline } from './pipeline.ts';

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
  pipeline: eventPipeline,
  atLeast: z.int().min(1),
});

/** A KPI against the stored baseline. */
const kpi = z.strictObject({
  title: z.string().min(1),
  pipeline: eventPipeline.describe(
    'What runs, here and for the baseline. Rows of `{ _id: { n, hits }, sessions }`: sessions that are alike.',
  ),
  worse: z.enum(['lower', 'higher']).describe('Which direction is the bad one.'),
  investigate: z
    .enum(['always', 'when-proven'])
    .describe(
      'Whether a change beyond `healthyWithin` always holds, or only when it is provenly worse than before.',
    ),
  minSamples: z.int().min(1).describe('Below this many it holds: too little to say anything.'),
  waitFor: z
    .int()
    .min(1)
    .describe('So many are waited for, as long as `settle` allows, before it is judged.'),
  floor: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('A change of the share by less than this (0.01 is one point) is no change.'),
});

/** `checklists/post-deploy.yaml`. */
export const postDeploySchema = z.strictObject({
  version: z.literal(1),
  slo: checklistName.describe('File with the bands that must hold again at 100 %.'),
  settle: z.strictObject({ for: durationText, every: durationText }),
  events: z.array(eventCount).min(1),
  negativeCsat: z.strictObject({
    title: z.string().min(1),
    query,
    pipeline: eventPipeline,
    atMost: share,
    minSamples: z.int().min(1),
  }),
  log: z.strictObject({
    title: z.string().min(1),
    query,
    paths: z.array(z.string().startsWith('/')).min(1),
    shown: z.int().min(1).describe('How many request ids are listed at most.'),
  }),
  tickets: z.strictObject({ title: z.string().min(1), query, below: z.int().min(1) }),
  kpis: z
    .strictObject({
      healthyWithin: share.describe('Change against the baseline that is still healthy.'),
      rollbackBeyond: share.describe(
        'A change for the worse beyond this, when proven, rolls back.',
      ),
      maxBaselineAge: durationText.describe(
        'A baseline that ended longer ago is no measure any more.',
      ),
      capsuleConversion: kpi,
      negativeCsat: kpi,
    })
    .refine(({ healthyWithin, rollbackBeyond }) => healthyWithin < rollbackBeyond, {
      path: ['healthyWithin'],
      error: 'must be smaller than rollbackBeyond',
    }),
});

export type PostDeployList = z.infer<typeof postDeploySchema>;
export type KpiDefinition = PostDeployList['kpis']['capsuleConversion'];

/** The KPIs of the list, in the order of the plan. */
export const kpiNames = ['capsuleConversion', 'negativeCsat'] as const;
export type KpiName = (typeof kpiNames)[number];
