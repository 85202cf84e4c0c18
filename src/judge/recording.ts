import { z } from 'zod';
import type { Json, JsonObject } from '../base/json.ts';
import type { CohortCounters, EndpointCounters } from '../services/metrics/metrics.ts';
import type { ReadCohort, WatchReading } from './watching.ts';

/** JSON has no infinity: the last bound of a histogram is null. */
const bucket = z.tuple([z.number().nullable(), z.number()]);

const endpoint = z.strictObject({
  n: z.number(),
  err: z.number(),
  le: z.array(bucket),
  /** Distinct sessions: all, bad, and over each bound. */
  ses: z.tuple([z.number(), z.number(), z.array(z.tuple([z.number(), z.number()]))]).optional(),
});

const counted = z.strictObject({
  at: z.number(),
  since: z.number().optional(),
  epoch: z.string(),
  ep: z.record(z.string(), endpoint),
  ses: z.tuple([z.number(), z.number()]),
  csat: z.tuple([z.number(), z.number()]),
  unknown: z.array(z.enum(['endpoints', 'sessions', 'csat'])).optional(),
});

const cohort = z.union([counted, z.strictObject({ error: z.string() })]);

const packed = z.strictObject({
  v: z.literal(1),
  at: z.number(),
  ms: z.number(),
  can: cohort,
  con: cohort.nullable(),
  probes: z
    .record(z.string(), z.strictObject({ n: z.number(), bad: z.number(), badRed: z.number() }))
    .optional(),
  drift: z.string().optional(),
  flagError: z.string().optional(),
});

type PackedEndpoint = z.infer<typeof endpoint>;

function packEndpoint({ requests, errors, latency, sessions }: EndpointCounters): PackedEndpoint {
  return {
    n: requests,
    err: errors,
    le: latency.map(({ leMs, count }) => [Number.isFinite(leMs) ? leMs : null, count]),
    ...(sessions === undefined
      ? {}
      : {
          ses: [sessions.n, sessions.bad, sessions.slow.map(({ overMs, n }) => [overMs, n])],
        }),
  };
}

function unpackEndpoint({ n, err, le, ses }: PackedEndpoint): EndpointCounters {
  return {
    requests: n,
    errors: err,
    latency: le.map(([leMs, count]) => ({ leMs: leMs ?? Number.POSITIVE_INFINITY, count })),
    ...(ses === undefined
      ? {}
      : {
          sessions: {
            n: ses[0],
            bad: ses[1],
            slow: ses[2].map(([overMs, of]) => ({ overMs, n: of })),
          },
        }),
  };
}

function mapped<X, Y>(record: Readonly<Record<string, X>>, map: (value: X) => Y) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function packCohort(read: ReadCohort): z.infer<typeof cohort> {
  if ('error' in read) return { error: read.error };
  const { at, since, epoch, endpoints, sessions, csat, unknown } = read;
  return {
    at,
    ...(since === undefined ? {} : { since }),
    epoch,
    ep: mapped(endpoints, packEndpoint),
    ses: [sessions.n, sessions.bad],
    csat: [csat.great, csat.needsFollowUp],
    ...(unknown === undefined ? {} : { unknown: [...unknown] }),
  };
}

function unpackCohort(read: z.infer<typeof cohort>): ReadCohort {
  if ('error' in read) return { error: read.error };
  const { at, since, epoch, ep, ses, csat, unknown } = read;
  const counters: CohortCounters = {
    at,
    ...(since === undefined ? {} : { since }),
    epoch,
    endpoints: mapped(ep, unpackEndpoint),
    sessions: { n: ses[0], bad: ses[1] },
    csat: { great: csat[0], needsFollowUp: csat[1] },
    ...(unknown === undefined ? {} : { unknown }),
  };
  return counters;
}

/** A look as compact JSON: the journal keeps it, so that the watch can be gone through again. */
export function packReading(reading: WatchReading): JsonObject {
  const { at, elapsedMs, candidate, control, probes, drift, flagError } = reading;
  const all: z.infer<typeof packed> = {
    v: 1,
    at,
    ms: elapsedMs,
    can: packCohort(candidate),
    con: control === null ? null : packCohort(control),
    ...(probes === undefined ? {} : { probes }),
    ...(drift === undefined ? {} : { drift }),
    ...(flagError === undefined ? {} : { flagError }),
  };
  return JSON.parse(JSON.stringify(all)) as JsonObject;
}

/** The look that `packReading` made this of; null when it did not. */
export function unpackReading(json: Json): WatchReading | null {
  const found = packed.safeParse(json);
  if (!found.success) return null;
  const { at, ms, can, con, probes, drift, flagError } = found.data;
  return {
    at,
    elapsedMs: ms,
    candidate: unpackCohort(can),
    control: con === null ? null : unpackCohort(con),
    ...(probes === undefined ? {} : { probes }),
    ...(drift === undefined ? {} : { drift }),
    ...(flagError === undefined ? {} : { flagError }),
  };
}
