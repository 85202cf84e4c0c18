import { z } from 'zod';
import { binding, check, digest, milliseconds, owner, signingKey, time, verdict } from './words.ts';

/** A word as the journal keeps it: the very text that was signed, and with what. */
const signedWord = {
  statement: z.string().describe('the very text that was signed'),
  signature: z.string().nullable().describe('armored SSHSIG over the statement'),
  key: signingKey.nullable(),
};

const approval = z.strictObject({
  step: z.int(),
  by: z.string(),
  name: z.string(),
  role: z.string(),
  signed: z.boolean(),
  comment: z.string().nullable(),
  binding,
  ...signedWord,
});

const rejection = z.strictObject({
  step: z.int(),
  by: z.string(),
  name: z.string(),
  role: z.string(),
  reason: z.string(),
  ...signedWord,
});

const request = z.strictObject({
  step: z.int(),
  role: z.string(),
  name: z.string().nullable(),
  count: z.int().describe('how many people must give their word'),
  eligible: z.int().nullable().describe('how many may; null where no signature is needed'),
  binding,
  expiresAt: z.number(),
  command: z.string().describe('the exact command that gives the word'),
});

const skipped = z.strictObject({
  step: z.int(),
  by: z.string(),
  role: z.string(),
  reason: z.string(),
  signed: z.boolean(),
});

/** A rule of the plan that was set aside. */
export const override = z
  .strictObject({
    subject: z.enum(['freeze', 'skip']),
    about: z.string().describe('name of the window, or number of the step'),
    by: z.string(),
    role: z.string(),
    reason: z.string(),
    signed: z.boolean(),
    ...signedWord,
  })
  .meta({ id: 'Override' });

/** What the plan says of a step. */
const planned = {
  step: z.int(),
  id: z.string(),
  title: z.string(),
  owner,
  criterion: z.string(),
  plannedMs: milliseconds,
};

/** A step that was begun. */
const reached = z.strictObject({
  ...planned,
  status: z.enum(['running', 'waiting', 'ended']),
  requestStatus: z.enum(['none', 'asked', 'given', 'rejected']),
  startedAt: time,
  endedAt: time.nullable(),
  actualMs: milliseconds.nullable(),
  timeScale: z.number().nullable(),
  checks: z.array(check),
  verdict: verdict.nullable(),
  reasons: z.array(z.string()),
  evidence: digest.nullable(),
  approvals: z.array(approval),
  rejection: rejection.nullable(),
  request: request.nullable(),
  skipped: skipped.nullable(),
  progress: z.string().nullable(),
});

const ahead = z.strictObject({
  ...planned,
  status: z.literal('not-reached'),
  verdict: z.null(),
  checks: z.array(check).max(0),
});

/** One step of a release: by its `status`. */
export const step = z.discriminatedUnion('status', [reached, ahead]).meta({ id: 'Step' });
