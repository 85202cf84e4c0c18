import { z } from 'zod';
import { parseDuration } from '../base/duration.ts';
import { environmentNames } from '../base/environments.ts';
import { freezes } from './freeze-schema.ts';

/** A duration such as `30 min`, in milliseconds once parsed. */
export const duration = z
  .string()
  .describe('A duration such as "30 min".')
  .transform((text, issues) => {
    const ms = parseDuration(text);
    if (ms !== undefined) return ms;
    issues.addIssue({ code: 'custom', message: `"${text}" is no duration such as "30 min"` });
    return z.NEVER;
  });

const text = z.string().min(1);
const params = z.record(z.string(), z.unknown()).default({});

/** A move that checks; which kinds there are, and their parameters, is known elsewhere. */
export const checkMove = z.strictObject({ check: text, with: params });

/** A move that acts. */
export const effectMove = z.strictObject({ effect: text, with: params });

const move = z.union([
  checkMove,
  effectMove,
  z.strictObject({
    approval: z
      .strictObject({
        role: text.describe('Role whose word is wanted.'),
        name: text.optional().describe('The person; anybody in that role when left out.'),
        count: z
          .int()
          .min(1)
          .default(1)
          .describe('How many people of that role must give their word.'),
        self: z
          .enum(['allowed', 'refused'])
          .default('refused')
          .describe('Whether whoever started the release may approve it.'),
        unsigned: z
          .enum(['allowed', 'refused'])
          .default('refused')
          .describe('Whether a word without a signature counts; the ticket then says so.'),
        expires: duration.describe('How long a request stands; then it is made anew.'),
      })
      .describe("A person's word, bound to what was measured."),
  }),
]);

const verdict = z.enum(['no-go', 'hold', 'rollback']);

const step = z.strictObject({
  step: z.int().min(1).describe('1, 2, 3 ... in this order.'),
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case words joined by hyphens'),
  title: text,
  owner: z
    .strictObject({ role: text, name: text.optional() })
    .describe("Who answers for the step, in the plan's words."),
  duration: duration.describe('Planned; a target for people, shown beside the actual time.'),
  description: text.describe("The plan's words."),
  criterion: text.describe("The plan's words."),
  do: z.array(move).min(1).describe('The moves, in their order; at least one of them measures.'),
  verdicts: z
    .strictObject({
      fail: verdict.describe('It was measured and is wrong.'),
      inconclusive: verdict.describe('Too little to say.'),
      error: verdict.describe('It could not be measured.'),
      catastrophe: verdict
        .optional()
        .describe('A failure that must not wait; as `fail` when left out.'),
    })
    .describe('What a check that did not pass means for the gate of this step.'),
});

/** What a step cannot be: each rule with the path inside the step that breaks it. */
function stepProblems(
  { step: number, id, do: moves }: z.infer<typeof step>,
  before: readonly z.infer<typeof step>[],
): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  const approvals = moves.flatMap((entry, index) => ('approval' in entry ? [index] : []));
  const problems: { path: PropertyKey[]; message: string }[] = [];
  const due = before.length + 1;
  if (number !== due)
    problems.push({ path: ['step'], message: `is numbered ${number}, not ${due}` });
  if (before.some((other) => other.id === id)) {
    problems.push({ path: ['id'], message: `"${id}" is the id of another step already` });
  }
  if (moves.every((entry) => 'effect' in entry)) {
    // No checks are never a go.
    problems.push({ path: ['do'], message: 'has no check and no approval' });
  }
  for (const index of approvals) {
    const entry = moves[index];
    if (entry === undefined || !('approval' in entry)) continue;
    const { name, count } = entry.approval;
    if (name === undefined || count === 1) continue;
    const message = `wants ${count} words and names one person`;
    problems.push({ path: ['do', index, 'approval', 'count'], message });
  }
  if (approvals.length > 1) {
    problems.push({ path: ['do', approvals[1] ?? 0], message: 'a step asks for one word only' });
  }
  return problems;
}

/** `release.yaml`: the plan's table with the moves that carry it out. */
export const releaseSchema = z.strictObject({
  title: text,
  version: text,
  date: text,
  flags: z.strictObject({
    canary: text.describe('The flag whose share is the canary.'),
    all: z.array(text).min(1).describe('Every flag that belongs to the release.'),
    environment: z.enum(environmentNames).describe('Where customers are.'),
  }),
  freezes: freezes.default([]),
  overrides: z
    .strictObject({
      roles: z.array(text).describe('Roles of the approvers file; nobody when empty.'),
    })
    .default({ roles: [] })
    .describe('Who may override a freeze and skip a step, with a signature.'),
  people: z
    .strictObject({
      tell: z
        .array(text)
        .describe('Ways to reach people, by channel, policy or address of services.notify.'),
      turn: z.boolean().default(true).describe("When it is another owner's turn."),
      overdue: z.boolean().default(true).describe('When a step takes longer than planned.'),
    })
    .default({ tell: [], turn: true, overdue: true })
    .describe('Who hears of it while a release goes on. It never blocks or fails a release.'),
  steps: z
    .array(step)
    .min(1)
    .superRefine((steps, issues) => {
      for (const [index, entry] of steps.entries()) {
        for (const { path, message } of stepProblems(entry, steps.slice(0, index))) {
          issues.addIssue({ code: 'custom', path: [index, ...path], message });
        }
      }
    }),
});

/** One compensation. */
export const compensation = z.strictObject({
  effect: text,
  with: params,
  words: text.describe("The plan's words that it carries out."),
});

/** `rollback.yaml`: what a rollback does, in phases; within a phase everything at once. */
export const rollbackSchema = z.strictObject({
  phases: z
    .array(
      z.strictObject({
        phase: text.describe('Its name.'),
        do: z.array(compensation).min(1).describe('All at once; every one is tried.'),
      }),
    )
    .min(1)
    .describe('One after the other, whatever happened in the one before.'),
});

export type ReleaseFile = z.infer<typeof releaseSchema>;
export type RollbackFile = z.infer<typeof rollbackSchema>;
