import { withDeadline } from '../base/deadline.ts';
import { messageOf } from '../base/errors.ts';
import type { Change } from '../services/change.ts';
import type { Effect } from './effect.ts';

/** An effect that a run will come to, and where: `step 4`, `phase 2`. */
export interface Forthcoming {
  readonly place: string;
  readonly effect: Effect;
}

/** What a run would send for an effect, as far as that can be told by looking. */
export interface Foreseen {
  /** In their order; null when they cannot be told. */
  readonly changes: readonly Change[] | null;
  /** It is so already: nothing is sent. */
  readonly already: boolean;
  /** Why they cannot be told; null when they can. */
  readonly unknown: string | null;
}

/** A service that takes longer to be looked at is as good as away. */
const lookMs = 3_000;

/** Whether it is so already. What cannot be looked at is not: a run would find out. */
async function isApplied(effect: Effect, signal: AbortSignal): Promise<boolean> {
  if (effect.blind === true) return false;
  try {
    return (await effect.probe(signal)).applied;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

async function foresee(effect: Effect, parent: AbortSignal): Promise<Foreseen> {
  const { signal, done } = withDeadline(parent, lookMs, effect.title);
  try {
    const already = await isApplied(effect, signal);
    const changes = already ? [] : await effect.changes(signal);
    return { changes, already, unknown: null };
  } catch (error) {
    parent.throwIfAborted();
    return { changes: null, already: false, unknown: `cannot be told: ${messageOf(error)}` };
  } finally {
    done();
  }
}

/**
 * Tells what a run would send, effect after effect, by looking at what is there now; sends nothing.
 * What an earlier effect of the same run changes first cannot be told yet, and is said to be so.
 */
export async function foreseeAll(
  all: readonly Forthcoming[],
  signal: AbortSignal,
): Promise<readonly Foreseen[]> {
  const changedAt = new Map<string, string>();
  const seen: Foreseen[] = [];
  for (const { place, effect } of all) {
    const { on = [] } = effect;
    const subject = on.find((one) => changedAt.has(one));
    const foreseen =
      subject === undefined
        ? await foresee(effect, signal)
        : {
            changes: null,
            already: false,
            unknown: `cannot be told before ${changedAt.get(subject)} has changed ${subject}`,
          };
    seen.push(foreseen);
    const acts = foreseen.changes === null || foreseen.changes.length > 0;
    if (acts) for (const one of on) if (!changedAt.has(one)) changedAt.set(one, place);
  }
  return seen;
}
