import { type Prepared, sendAll } from '../services/change.ts';
import type { Effect } from './effect.ts';

/** An effect told by its plan: looks at what is there and prepares what has to be sent. */
export interface PlannedEffect extends Omit<Effect, 'changes' | 'apply'> {
  /** Only looks. What it prepares may be sent at once, or shown and thrown away. */
  plan(signal: AbortSignal): Promise<readonly Prepared[]>;
}

/** Makes an effect of which `changes` shows and `apply` sends the very same plan. */
export function planned({ plan, ...faces }: PlannedEffect): Effect {
  return {
    ...faces,
    changes: async (signal) => (await plan(signal)).flatMap(({ changes }) => changes),
    apply: async (signal) => sendAll(await plan(signal), signal),
  };
}

/** The same changes; `heard` is told the answer to them. */
export function heard<T>(prepared: Prepared<T>, hear: (answer: T) => void): Prepared<T> {
  return {
    changes: prepared.changes,
    send: async (signal) => {
      const answer = await prepared.send(signal);
      hear(answer);
      return answer;
    },
  };
}
