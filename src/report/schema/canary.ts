import { z } from 'zod';
import { milliseconds, time, verdict } from './words.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0);
const counted = z.strictObject({ n: count, bad: count });
const state = z
  .enum(['pending', 'warming', 'collecting', 'green', 'amber', 'red'])
  .describe('collecting: enough samples, no proof yet; amber: the window is over without one');
const band = z.enum(['green', 'amber', 'red']);
const part = share.describe('of the evidence that is needed, on the logarithmic scale');

const metric = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    role: z.enum(['gate', 'guard']),
    state,
    why: z.string().nullable(),
    band,
    n: count,
    bad: count,
    unit: z.string().describe('what the samples are: sessions, requests, answers'),
    limit: z.string().nullable(),
    rate: share.nullable(),
    interval: z.tuple([share, share]).nullable().describe('95 % interval of the share'),
    done: part,
    against: part,
    evidence: z.number(),
    evidenceNeeded: z.number(),
    evidenceAgainst: z.number(),
    evidenceAgainstNeeded: z.number(),
    toGreen: count.nullable().describe('clean samples to go; null when out of reach'),
    earliestMs: milliseconds.nullable(),
    expectedMs: milliseconds.nullable(),
    probes: count.describe("how many of the samples are aurora's own"),
    control: counted.nullable(),
    quantiles: z.record(
      z.string(),
      z.tuple([milliseconds, milliseconds.nullable()]).nullable().describe('95 % interval'),
    ),
  })
  .meta({ id: 'LookMetric' });

/** `canary watch`: one look, a line each. */
export const canaryLook = z.strictObject({
  release: z.string(),
  step: z.int(),
  at: time,
  watch: z.string().describe('canary, ramp, ramp-25'),
  state,
  band,
  why: z.array(z.string()),
  elapsedMs: milliseconds,
  windowMs: milliseconds,
  extendMs: milliseconds,
  extended: z.boolean(),
  readings: count,
  failures: count.describe('measurements that failed in a row'),
  lastFailure: z.string().nullable(),
  requests: count,
  errors: count,
  share: share.nullable().describe("the candidate's part of the customers; null when it is all"),
  compared: z.boolean(),
  split: z.strictObject({ observed: share, mismatch: z.boolean(), words: z.string() }).nullable(),
  drift: z.string().nullable().describe('the flag was changed by somebody else'),
  controlProblem: z.string().nullable().describe('why the control could not be read this time'),
  flagProblem: z.string().nullable().describe('why the flag could not be read this time'),
  metrics: z.array(metric),
});

/** `canary watch`: how the step of the watch ended, its last line. */
export const canaryVerdict = z.strictObject({
  release: z.string(),
  step: z.int(),
  verdict: verdict.nullable().describe('null when the release ended without one'),
  reasons: z.array(z.string()),
});

/** `canary forecast` */
export const canaryForecast = z.strictObject({
  environment: z.string(),
  build: z.string(),
  over: z.string().describe('the traffic it is foreseen from'),
  windowMs: milliseconds,
  share,
  compared: z.boolean(),
  looks: count.describe('how often the watch would look'),
  metrics: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      role: z.enum(['gate', 'guard']),
      problem: z.string().nullable(),
      rate: share.nullable(),
      expected: count.describe('samples that will come, probes included'),
      probes: count.describe("how many of them are aurora's own"),
      cleanNeeded: count.nullable(),
      provable: z.boolean(),
      chanceOfGreen: share.nullable().describe('when the candidate is as good as what runs now'),
      seenShare: share.nullable().describe('smallest share that turns red with a chance of 80 %'),
      seenMultiple: z.number().nullable(),
      seenFactor: z.number().nullable().describe('the same as a factor over the control'),
      provesNotWorse: z.boolean().nullable(),
      needs: z
        .strictObject({
          samples: count,
          share: z.number().nullable(),
          windowMs: milliseconds.nullable(),
        })
        .nullable(),
      words: z.string(),
    }),
  ),
});
