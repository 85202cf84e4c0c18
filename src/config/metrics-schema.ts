import { z } from 'zod';
import { parseDuration } from '../base/duration.ts';
import { secretReference } from './secret-reference.ts';

const duration = z.string().refine((text) => (parseDuration(text) ?? 0) > 0, 'such as "30 s"');
const url = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).username === '', 'without a user: give `auth`');
const metric = z.string().regex(/^[a-zA-Z_:][\w:]*$/, 'a metric name of Prometheus');
const label = z.string().regex(/^[a-zA-Z_]\w*$/, 'a label name of Prometheus');

/** `/api/metrics` of each slot, asked directly. */
const concierge = z.strictObject({
  kind: z.literal('concierge').describe('`/api/metrics` of each slot, asked directly.'),
  format: z
    .enum(['prometheus', 'json', 'summary'])
    .default('prometheus')
    .describe(
      'Which of its answers is read. Only `prometheus` can judge a canary; the others know a thousand requests at most.',
    ),
});

const nullable = (about: string) => metric.nullable().optional().describe(about);

const prometheus = z.strictObject({
  kind: z.literal('prometheus').describe('A Prometheus server, or one that speaks as it does.'),
  url: url.describe('Its address; the API is expected at /api/v1 below it.'),
  auth: z
    .union([
      z.strictObject({ token: secretReference }),
      z.strictObject({ user: z.string().min(1), password: secretReference }),
    ])
    .optional()
    .describe('A bearer token, or user and password.'),
  lag: duration
    .default('30 s')
    .describe('From a request until it can be queried: longer than the scrape interval.'),
  timeout: duration.default('10 s').describe('For one query.'),
  environment: z
    .record(label, z.string().min(1))
    .default({})
    .describe('Labels that tell this environment from others, such as `env: production`.'),
  names: z
    .strictObject({
      requests: nullable('Counter of requests by endpoint and status.'),
      durations: nullable('Histogram in seconds, its name without `_bucket`.'),
      sessions: nullable('Counter of distinct sessions.'),
      badSessions: nullable('Those with at least one server error.'),
      csat: nullable('Counter of ratings, `great` and `needs_follow_up`.'),
      endpointSessions: nullable('Counter of distinct sessions by endpoint.'),
      endpointBadSessions: nullable('Those with at least one server error there.'),
      endpointSlowSessions: nullable('Those with an answer slower than the label `over` there.'),
      start: nullable('Start of the process in seconds since the epoch.'),
    })
    .default({})
    .describe("Metric names, where they differ from the concierge's; null where nobody counts it."),
  labels: z
    .strictObject({
      build: label.optional().describe('Digest of the build.'),
      endpoint: label.optional().describe('Path of the route.'),
      status: label.optional().describe('HTTP status, `503` or `5xx`.'),
      rating: label.optional().describe('Which rating.'),
      over: label.optional().describe('Bound of a slow session in seconds.'),
    })
    .default({})
    .describe("Label names, where they differ from the concierge's own."),
});

const mongodb = z.strictObject({
  kind: z.literal('mongodb').describe('Ratings from the analytics events of `services.database`.'),
  lag: duration.default('5 min').describe('How late an event may arrive.'),
});

const withHistory = z.discriminatedUnion('kind', [prometheus, mongodb]);

const several = z.strictObject({
  kind: z
    .literal('several')
    .describe('Sources with history as one; each part comes from the first that counts it.'),
  sources: z.array(withHistory).min(1).describe('In the order in which they are believed.'),
});

/** Where the numbers of a canary come from. */
export const metricsSchema = z.discriminatedUnion('kind', [
  concierge,
  prometheus,
  mongodb,
  several,
]);

export type MetricsConfig = z.infer<typeof metricsSchema>;
export type PrometheusMetricsConfig = z.infer<typeof prometheus>;
