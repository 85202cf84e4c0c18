import { z } from 'zod';
import { override, step } from './step.ts';
import { build, digest, epoch, exit, raw, recordedError, time } from './words.ts';

const effect = z
  .strictObject({
    key: z.string(),
    step: z.int(),
    title: z.string(),
    status: z
      .enum(['running', 'done', 'failed', 'undone', 'undo-failed'])
      .describe('after a crash, running means unknown'),
    before: raw,
    observed: z.string().optional(),
    error: recordedError.optional(),
  })
  .meta({ id: 'Effect' });

const compensation = z
  .strictObject({
    key: z.string(),
    title: z.string(),
    status: z.enum(['running', 'done', 'failed']),
    already: z.boolean(),
    expected: z.string().optional(),
    observed: z.string().optional(),
    before: raw,
    error: recordedError.optional(),
  })
  .meta({ id: 'Compensation' });

const rollback = z
  .strictObject({
    startedAt: time,
    endedAt: time.nullable(),
    reason: z.string(),
    only: z.literal('flags').nullable(),
    ended: z
      .strictObject({
        complete: z.boolean(),
        failed: z.array(z.string()),
        customersSafe: z.boolean().describe('seen from outside to be off the candidate'),
        proof: z.array(z.string()),
      })
      .nullable(),
    compensations: z.array(compensation),
  })
  .meta({ id: 'Rollback' });

const facts = z
  .strictObject({
    candidate: z.string(),
    stable: digest.nullable(),
    slots: z.array(z.strictObject({ environment: z.string(), slot: z.enum(['blue', 'green']) })),
    stagingSwitchedAt: epoch.optional(),
    deployedAt: epoch.optional(),
    rampedAt: epoch.optional(),
    percent: z.number().optional(),
    stage: z.number().optional(),
    sharedAt: epoch.optional(),
  })
  .meta({ id: 'Facts' });

const document = z.strictObject({
  kind: z.enum(['ticket', 'release-notes', 'incident-note']),
  path: z.string(),
  sha256: digest.optional(),
});

/** Where a release stands: what `release`, `resume`, `gate` and others tell. */
export const release = z.strictObject({
  id: z.string(),
  project: z.string().nullable(),
  status: z.enum(['none', 'running', 'waiting', 'held', 'interrupted', 'rolling-back', 'ended']),
  outcome: z
    .enum([
      'released',
      'no-go',
      'rolled-back',
      'rollback-incomplete',
      'aborted',
      'rollback-only',
      'done',
    ])
    .nullable(),
  exit: exit.nullable().describe('what the release stands for; null while it runs'),
  reason: z.string().nullable(),
  starter: z.string(),
  createdAt: time.nullable(),
  updatedAt: time.nullable(),
  endedAt: time.nullable(),
  rehearsal: z.boolean().nullable(),
  timeScale: z.number().nullable(),
  connect: z.array(z.strictObject({ origin: z.string(), to: z.string() })),
  build: build.nullable(),
  stable: build.nullable(),
  plan: z.strictObject({ version: z.string(), digest, directory: z.string() }).nullable(),
  facts,
  overrides: z.array(override),
  current: z.int().nullable(),
  hold: z
    .strictObject({
      step: z.int(),
      reason: z.string(),
      waitsFor: z.enum(['approval', 'evidence', 'person']),
    })
    .nullable(),
  failure: z.strictObject({ step: z.int().nullable(), error: recordedError }).nullable(),
  steps: z.array(step),
  effects: z.array(effect),
  rollback: rollback.nullable(),
  restored: z.array(z.string()).nullable(),
  documents: z.array(document),
  next: z.strictObject({ who: z.string(), what: z.string(), command: z.string().nullable() }),
});

export type ReleaseContent = z.infer<typeof release>;

/** A release inside a list, with the head that it has alone. */
export const wholeRelease = release.extend({ aurora: z.literal(1), kind: z.literal('release') });

/** What a rollback by hand tells besides. */
export const rollbackResult = release.extend({ exit, notes: z.array(z.string()) });

/** What only a look tells: whether a process works on it right now. */
export const status = release.extend({ alive: z.boolean() });
