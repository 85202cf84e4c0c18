import { z } from 'zod';

const share = z.number().gt(0).lt(1);
const endpoint = z
  .string()
  .regex(/^\/api\/[a-z/-]+$/, 'a route path such as /api/concierge/products');

/** What every metric says of itself. */
const common = {
  id: z.string().regex(/^[a-z0-9-]+$/, 'lower-case letters, digits and hyphens'),
  title: z.string().min(1),
  role: z
    .enum(['gate', 'guard'])
    .describe('gate: must be proven green. guard: can stop, never holds for too few samples.'),
  minSamples: z
    .int()
    .min(1)
    .describe('Below this many samples the metric is neither green nor red.'),
  noData: z
    .enum(['no-traffic', 'lagging', 'broken', 'zero'])
    .describe(
      'What it means when nothing was counted. no-traffic: nobody came. lagging: it comes later. ' +
        'broken: other requests were answered, so something ought to be there. zero: it did not happen.',
    ),
  compare: z
    .boolean()
    .default(false)
    .describe('Whether the candidate is also compared with the control, where there is one.'),
  nonInferiority: z
    .literal('required')
    .optional()
    .describe('Green also needs proof that the candidate is not `notWorseThan` times worse.'),
  notWorseThan: z
    .number()
    .gt(1)
    .max(100)
    .optional()
    .describe('The factor that `nonInferiority` rules out; 2 unless given.'),
};

/** What an endpoint's metric counts, and how aurora feeds it where customers are few. */
const ofEndpoint = {
  endpoint,
  unit: z
    .enum(['session', 'request'])
    .default('request')
    .describe(
      'session: share of sessions with at least one bad answer of this endpoint. request: share of ' +
        'requests; those of one customer fail together, so they prove less than they seem to.',
    ),
  probe: z
    .strictObject({
      perLook: z.int().min(1).max(50).describe('How often aurora asks at each look.'),
      body: z
        .record(z.string(), z.json())
        .describe('Sent as JSON, with a fresh `sessionId` put in. Must not change anything.'),
    })
    .optional()
    .describe(
      "aurora asks the candidate's slot itself as well. Only for a guard, and only what reads.",
    ),
};

/** Share of sessions with at least one answer of 500 or more. */
const sessionErrors = z.strictObject({
  ...common,
  measure: z.literal('session-errors'),
  green: share,
  red: share.optional(),
});

/** Share of negative answers to the CSAT question. */
const csatNegative = z.strictObject({
  ...common,
  measure: z.literal('csat-negative'),
  green: share,
  red: share.optional(),
});

/** A latency quantile of one endpoint; green and red in milliseconds. */
const latency = z.strictObject({
  ...common,
  ...ofEndpoint,
  measure: z.literal('latency'),
  quantile: share.default(0.95),
  green: z.number().positive(),
  red: z.number().positive().optional(),
});

/** Share of one endpoint's sessions or requests that were answered without a 5xx. */
const availability = z.strictObject({
  ...common,
  ...ofEndpoint,
  measure: z.literal('availability'),
  green: share,
  red: share.optional(),
});

const metric = z
  .discriminatedUnion('measure', [sessionErrors, csatNegative, latency, availability])
  .refine(
    ({ measure, green, red = green }) => (measure === 'availability' ? red <= green : red >= green),
    { path: ['red'], error: 'the red line lies on the wrong side of the green one' },
  )
  .refine(({ compare, nonInferiority }) => compare || nonInferiority === undefined, {
    path: ['nonInferiority'],
    error: 'needs `compare: true`: without a comparison nothing shows that it is not worse',
  })
  .refine((one) => !one.compare || !('unit' in one) || one.unit === 'session', {
    path: ['compare'],
    error: 'needs `unit: session`: requests of one customer fail together and cannot be compared',
  })
  .refine((one) => one.role === 'guard' || !('probe' in one) || one.probe === undefined, {
    path: ['probe'],
    error: 'is for guards: a gate must be proven by customers',
  });

/** `checklists/slo.yaml`: the bands of every metric, and how sure a verdict must be. */
export const sloSchema = z.strictObject({
  version: z.literal(1),
  alpha: z
    .number()
    .gt(0)
    .max(0.2)
    .describe('Probability of a false green of one metric, and of any false red.'),
  catastrophe: z
    .strictObject({ minRequests: z.int().min(1), errorShare: share })
    .describe('Acts at once: at least so many requests, and this share of them 5xx.'),
  metrics: z
    .array(metric)
    .refine((all) => all.some(({ role }) => role === 'gate'), 'at least one metric with role gate')
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'ids must be unique'),
});

export type Slo = z.infer<typeof sloSchema>;
export type SloMetric = z.infer<typeof metric>;

/** How many times worse than the control a candidate must be proven not to be. */
export function factorOf(metric: SloMetric): number {
  return metric.notWorseThan ?? 2;
}

/** What the samples of a metric are, for people. */
export function unitOf(metric: SloMetric): 'sessions' | 'requests' | 'answers' {
  switch (metric.measure) {
    case 'session-errors':
      return 'sessions';
    case 'csat-negative':
      return 'answers';
    default:
      return metric.unit === 'session' ? 'sessions' : 'requests';
  }
}

/** The share of bad samples at the green and the red line. */
export function limitsOf(metric: SloMetric): { readonly green: number; readonly red: number } {
  const red = metric.red ?? metric.green;
  switch (metric.measure) {
    case 'latency':
      return { green: 1 - metric.quantile, red: 1 - metric.quantile };
    case 'availability':
      return { green: 1 - metric.green, red: 1 - red };
    default:
      return { green: metric.green, red };
  }
}
