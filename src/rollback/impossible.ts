import { messageOf } from '../base/errors.ts';
import type { Effect } from '../effects/effect.ts';

/**
 * Stands for a compensation that could not even be made: it fails in its turn with the reason, so
 * that all the others are still tried.
 */
export function impossible(kind: string, reason: unknown): Effect {
  const refuse = () => Promise.reject(reason);
  return {
    key: kind,
    title: kind,
    describe: () => [`${kind}: cannot be done, ${messageOf(reason)}`],
    probe: async () => ({ applied: false, before: {} }),
    changes: refuse,
    apply: refuse,
    verify: refuse,
  };
}
