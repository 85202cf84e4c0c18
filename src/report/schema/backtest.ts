import { z } from 'zod';
import { milliseconds } from './words.ts';

const policyId = z.enum(['now', 'with']);
const count = z.int().min(0);
const truth = z.enum(['good', 'bad', 'unknown']);

const rate = z
  .strictObject({ n: count, of: count, low: z.number(), high: z.number() })
  .describe('n of so many, with the 95 % interval of the share (Wilson)')
  .meta({ id: 'Rate' });

const standing = z
  .strictObject({
    policy: policyId,
    green: count,
    amber: count,
    red: count,
    cutOff: count,
    notJudged: count,
    falseAlarms: rate.describe('of the good ones that came to an end: red'),
    missed: rate.describe('of the bad ones that came to an end: green'),
    held: rate.describe('of all that came to an end: amber'),
    medianMs: milliseconds.nullable().describe('until decided; null when none was'),
  })
  .meta({ id: 'PolicyStanding' });

/** `canary backtest` */
export const canaryBacktest = z.strictObject({
  policies: z.array(
    z.strictObject({
      id: policyId.describe("now: the plan's own; with: the one asked about"),
      file: z.string(),
      alpha: z.number(),
      gates: z.array(z.string()),
      guards: z.array(z.string()),
    }),
  ),
  recorded: z.array(
    z.strictObject({
      id: z.string(),
      from: z.enum(['release', 'stream']),
      outcome: z.string(),
      truth,
      watches: count,
      endings: z.array(
        z.strictObject({
          policy: policyId,
          end: z
            .enum(['green', 'amber', 'red', 'cut-off', 'not-judged'])
            .describe('cut-off: the recording ends before the policy has its answer'),
          worth: z.enum(['right', 'false-alarm', 'missed', 'held', 'open']),
          decidedMs: milliseconds.nullable(),
          why: z.array(z.string()),
          notJudged: z.array(z.strictObject({ id: z.string(), why: z.string() })),
        }),
      ),
    }),
  ),
  recordedStandings: z.array(standing),
  simulated: z
    .strictObject({
      runs: count,
      seed: z.int(),
      sessions: count.describe("the candidate's, in one window"),
      share: z.number().nullable(),
      windowMs: milliseconds,
      habits: z.enum(['recorded', 'planned']).describe('where the traffic was taken from'),
      situations: z.array(
        z.strictObject({
          name: z.string(),
          traffic: z.enum(['steady', 'clustered', 'varying']),
          truth,
          standings: z.array(standing),
        }),
      ),
    })
    .nullable(),
  exported: z.array(z.string()),
});
