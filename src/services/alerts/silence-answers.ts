import { z } from 'zod';
import { AuroraError } from '../../base/errors.ts';
import type { Silence } from './alerts.ts';

/** Label -> value. */
export type Labels = Readonly<Record<string, string>>;

const matcher = z.object({
  name: z.string(),
  value: z.string(),
  isRegex: z.boolean(),
  /** Left out by versions that knew no inequality. */
  isEqual: z.boolean().default(true),
});
type Matcher = z.infer<typeof matcher>;

const answers = z.array(
  z.object({
    id: z.string(),
    status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
    endsAt: z.iso.datetime({ offset: true }),
    comment: z.string(),
    matchers: z.array(matcher),
  }),
);

/** A silence with what it matches. */
export interface MatchedSilence extends Silence {
  readonly matchers: readonly Matcher[];
}

/** Reads the list of silences; SERVICE_ANSWER_INVALID when it is none. */
export function silencesOf(value: unknown, where: string): MatchedSilence[] {
  const parsed = answers.safeParse(value);
  if (!parsed.success) {
    throw new AuroraError('SERVICE_ANSWER_INVALID', 'the answer is no list of silences', { where });
  }
  return parsed.data.map(({ id, status, endsAt, comment, matchers }) => {
    return { id, state: status.state, endsAt: Date.parse(endsAt), comment, matchers };
  });
}

/** Whether a silence is on just these labels: one with further conditions silences less. */
export function isOn(silence: MatchedSilence, labels: Labels): boolean {
  return (
    silence.matchers.length === Object.keys(labels).length &&
    silence.matchers.every(
      ({ name, value, isRegex, isEqual }) => !isRegex && isEqual && labels[name] === value,
    )
  );
}

/** The query that leaves the choice to the server as far as it can make it. */
export function labelFilters(labels: Labels): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(labels)) {
    const quoted = value.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
    query.append('filter', `${name}="${quoted}"`);
  }
  return query.toString();
}
