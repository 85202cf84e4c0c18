import { z } from 'zod';
import { build, digest, milliseconds, owner, type Read, verdict } from './words.ts';

/** One thing that would be sent, no secret in it. */
const change = z
  .discriminatedUnion('via', [
    z.strictObject({
      via: z.literal('http'),
      service: z.string(),
      method: z.enum(['POST', 'PUT', 'DELETE', 'PURGE']),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.unknown().optional().describe('JSON; secrets and what is not known yet stand in <>'),
    }),
    z.strictObject({ via: z.literal('redis'), service: z.string(), argv: z.array(z.string()) }),
    z.strictObject({
      via: z.literal('mail'),
      service: z.string(),
      from: z.string(),
      to: z.array(z.string()),
      subject: z.string(),
      text: z.string(),
      headers: z.record(z.string(), z.string()),
    }),
    z.strictObject({ via: z.literal('file'), path: z.string() }),
    z.strictObject({
      via: z.literal('command'),
      argv: z.array(z.string()),
      directory: z.string(),
    }),
  ])
  .meta({ id: 'Change' });

/** What a dry run tells of one effect. */
const foreseen = {
  title: z.string(),
  already: z.boolean().describe('it is so already: nothing would be sent'),
  unknown: z.string().nullable().describe('why it cannot be told; null when it can'),
  changes: z.array(change).nullable(),
};

const foreseenAct = z.strictObject({ lines: z.array(z.string()), ...foreseen });

const words = {
  type: z.enum(['check', 'effect', 'approval']),
  kind: z.string(),
  lines: z.array(z.string()),
};

const move = z.strictObject(words);
const foreseenMove = z.union([z.strictObject({ ...words, ...foreseen }), move]);

/** `release --dry-run` */
export const dryRun = z.strictObject({
  build,
  plan: digest,
  connect: z.record(z.string(), z.string()),
  steps: z.array(
    z.strictObject({
      step: z.int(),
      title: z.string(),
      owner,
      planned: z.string(),
      moves: z.array(foreseenMove),
    }),
  ),
});

/** `rollback --dry-run` */
export const rollbackDryRun = z.strictObject({ phases: z.array(z.array(foreseenAct)) });

/** `deploy --dry-run`, `flag restore --dry-run` */
export const effectsDryRun = z.strictObject({
  before: z.array(change),
  effects: z.array(foreseenAct),
});

/** `plan show` */
export const plan = z.strictObject({
  title: z.string(),
  version: z.string(),
  digest,
  directory: z.string(),
  steps: z.array(
    z.strictObject({
      step: z.int(),
      id: z.string(),
      title: z.string(),
      owner,
      durationMs: milliseconds,
      description: z.string(),
      criterion: z.string(),
      moves: z.array(move),
      verdicts: z.strictObject({
        fail: verdict,
        inconclusive: verdict,
        error: verdict,
        catastrophe: verdict,
      }),
    }),
  ),
  rollback: z.array(z.array(z.string())),
});

/** `plan check` */
export const planCheck = z.strictObject({
  ok: z.literal(true),
  digest,
  steps: z.int(),
  missing: z.array(z.string()).describe('words that nobody may give'),
});

export type ForeseenContent = Read<Omit<z.infer<typeof foreseenAct>, 'lines'>>;
