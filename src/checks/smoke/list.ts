import { z } from 'zod';
import { parseDuration } from '../../base/duration.ts';
import { readChecklist } from '../checklist.ts';
import { placeholdersIn } from './template.ts';

/** What every run gives to its bodies. */
const given = ['sessionId', 'orderNumber', 'email', 'postalCode'] as const;

const word = z.string().regex(/^[a-z0-9-]+$/, 'lower-case words with hyphens');

const request = z.strictObject({
  path: z.string().startsWith('/'),
  body: z.record(z.string(), z.json()),
  idempotent: z.boolean().default(false).describe('Sends a fresh x-idempotency-key.'),
  keep: z
    .array(z.string().regex(/^[a-zA-Z]+$/))
    .default([])
    .describe('Fields of the answer that later bodies may name.'),
});

const interaction = z.strictObject({
  id: word,
  title: z.string().min(1),
  requests: z.array(request).min(1),
  messages: z
    .array(z.string().min(1))
    .min(1)
    .describe('Types that the last answer must hold; more are fine.'),
  inOrder: z.boolean().default(false).describe('Whether they must come in this order.'),
  event: z
    .string()
    .min(1)
    .optional()
    .describe('Must be found in the analytics events of the session.'),
});

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: 'expected a duration such as 5 s' });
  return z.NEVER;
});

/** The first placeholder that nothing fills, with the request it stands in. */
function unfilled({ requests }: z.infer<typeof interaction>) {
  const known = new Set<string>(given);
  for (const [index, { body, keep }] of requests.entries()) {
    const name = [...placeholdersIn(body)].find((one) => !known.has(one));
    if (name !== undefined) return { index, name };
    for (const kept of keep) known.add(kept);
  }
  return undefined;
}

/** `smoke.yaml`: the plan's six interactions as data. */
export const smokeList = z
  .strictObject({ eventWithin: duration, interactions: z.array(interaction).min(1) })
  .superRefine(({ interactions }, context) => {
    for (const [at, one] of interactions.entries()) {
      if (interactions.findIndex(({ id }) => id === one.id) !== at) {
        const message = `the id ${one.id} comes twice`;
        context.addIssue({ code: 'custom', message, path: ['interactions', at, 'id'] });
      }
      const missing = unfilled(one);
      if (missing === undefined) continue;
      context.addIssue({
        code: 'custom',
        message: `nothing gives {${missing.name}} a value`,
        path: ['interactions', at, 'requests', missing.index, 'body'],
      });
    }
  });

export type SmokeList = z.infer<typeof smokeList>;
export type Interaction = SmokeList['interactions'][number];
export type SmokeRequest = Interaction['requests'][number];

/** Reads the smoke checklist. PLAN_INVALID. */
export function readSmokeList(checklists: string, name = 'smoke.yaml'): Promise<SmokeList> {
  return readChecklist(checklists, name, smokeList);
}
