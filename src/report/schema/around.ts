import { z } from 'zod';
import {
  binding,
  build,
  check,
  digest,
  environment,
  epoch,
  exit,
  signingKey,
  time,
  verdict,
} from './words.ts';

/** `approve` */
export const approval = z.strictObject({
  release: z.string(),
  step: z.int(),
  decision: z.enum(['approve', 'reject', 'revoke']),
  by: z.string(),
  name: z.string(),
  role: z.string(),
  signed: z.boolean(),
  key: signingKey.nullable(),
  binding,
});

/** `approvers` */
export const approvers = z.strictObject({
  path: z.string(),
  keys: z.array(
    z.strictObject({
      line: z.int(),
      id: z.string(),
      name: z.string(),
      roles: z.array(z.string()),
      type: z.string(),
      fingerprint: z.string(),
      validAfter: time.nullable(),
      validBefore: time.nullable(),
      counts: z.enum(['yes', 'revoked', 'not-yet-valid', 'expired-key', 'namespace']),
    }),
  ),
  may: z.array(
    z.strictObject({
      what: z.string(),
      wants: z.string(),
      unsigned: z.boolean(),
      people: z.array(z.string()),
    }),
  ),
  missing: z.array(z.string()),
});

/** `keygen`: no private key in it. */
export const key = z.strictObject({
  file: z.string(),
  publicKey: z.string(),
  fingerprint: z.string(),
  approversLine: z.string(),
});

/** `env check`, `preflight`, `smoke` */
export const checks = z.strictObject({ title: z.string(), verdict, checks: z.array(check) });

/** `doctor` */
export const doctor = z.strictObject({
  ok: z.boolean(),
  rows: z.array(
    z.strictObject({
      what: z.string(),
      ok: z.boolean(),
      detail: z.string(),
      remedy: z.string().nullable(),
    }),
  ),
});

/** `flag show` */
export const flags = z.strictObject({
  flags: z.array(
    z.strictObject({
      name: z.string(),
      environment,
      enabled: z.boolean(),
      strategies: z.array(
        z.strictObject({
          id: z.string(),
          kind: z.string(),
          cohort: z.enum(['candidate', 'stable']).nullable(),
          percent: z.number(),
          build: digest.nullable(),
          sortOrder: z.number(),
        }),
      ),
    }),
  ),
});

/** `flag restore` */
export const flagRestore = z.strictObject({
  release: z.string(),
  environment,
  flags: z.array(z.string()),
});

const count = z.int().min(0);

const kpiSample = z.strictObject({ hits: count, n: count, sessions: count, effect: z.number() });

/** `kpi baseline`, `kpi show` */
export const kpiBaseline = z.strictObject({
  path: z.string().optional(),
  baseline: z.strictObject({
    format: z.literal(2),
    measuredAt: time,
    from: time,
    to: time,
    definitions: z.string(),
    builds: z.array(z.strictObject({ build: z.string(), events: count })),
    kpis: z.strictObject({ capsuleConversion: kpiSample, negativeCsat: kpiSample }),
  }),
});

const storedBuild = build.extend({ directory: z.string(), packedAt: epoch });

/** `build pack`, `build list` */
export const builds = z.strictObject({ builds: z.array(storedBuild) });

/** `build verify` */
export const verifiedBuild = storedBuild.extend({ verified: z.literal(true) });

/** `deploy` */
export const deploy = z.strictObject({
  environment,
  build,
  effects: z.array(z.strictObject({ title: z.string(), observed: z.string() })),
});

/** `init` */
export const init = z.strictObject({ path: z.string() });

const known = { meaning: z.string(), remedy: z.string(), exit };

/** `explain <CODE>` */
export const errorCode = z.strictObject({ code: z.string(), ...known });

/** `explain <exit code>` */
export const exitCode = z.strictObject({
  exit,
  meaning: z.string(),
  errors: z.array(z.string()),
});

/** `explain` */
export const catalogue = z.strictObject({
  errors: z.record(z.string(), z.strictObject(known)),
  exitCodes: z.record(z.string(), z.string()),
});
