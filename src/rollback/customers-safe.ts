import type { Clock } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import type { EnvironmentView } from '../checks/kind.ts';
import { askOutsideOften, widgetIsHidden } from '../effects/outside.ts';
import { shortDigest } from '../proof/digest.ts';

/** What was seen of the customers' side after a rollback. */
export interface SafetyProof {
  readonly safe: boolean;
  /** One line each: what was looked at and what was seen. */
  readonly lines: readonly string[];
}

/** Applications refresh their flags every second or so; more than this and something is wrong. */
const patienceMs = 15_000;
const lookEveryMs = 250;
const looks = 20;

async function waitHidden(
  view: EnvironmentView,
  clock: Clock,
  signal: AbortSignal,
): Promise<string> {
  const deadline = clock.now() + patienceMs;
  let last = 'shown';
  while (clock.now() < deadline) {
    try {
      if (await widgetIsHidden(view, signal)) return 'hidden';
      last = 'shown';
    } catch (error) {
      signal.throwIfAborted();
      last = `no answer: ${messageOf(error)}`;
    }
    await clock.sleep(lookEveryMs, signal);
  }
  return last;
}

async function countCandidate(view: EnvironmentView, candidate: string, signal: AbortSignal) {
  const answers = await askOutsideOften(view, looks, signal);
  return answers.filter((answer) => answer.build === candidate).length;
}

/**
 * Looks as a customer would: is the widget hidden, and does nobody meet the rolled back build?
 * `candidate` is null when no journal says which build that was. With `only: flags` the build may
 * still answer: no widget asks it.
 */
export async function proveCustomersSafe(
  view: EnvironmentView,
  about: { readonly candidate: string | null; readonly only: 'flags' | null },
  clock: Clock,
  signal: AbortSignal,
): Promise<SafetyProof> {
  const widget = await waitHidden(view, clock, signal);
  const lines = [`widget at ${view.origin}/widget.js: ${widget}`];
  if (about.candidate === null) return { safe: widget === 'hidden', lines };
  try {
    const met = await countCandidate(view, about.candidate, signal);
    lines.push(`${met} of ${looks} fresh customers answered by ${shortDigest(about.candidate)}`);
    return { safe: widget === 'hidden' && (met === 0 || about.only === 'flags'), lines };
  } catch (error) {
    signal.throwIfAborted();
    lines.push(`which build answers could not be seen: ${messageOf(error)}`);
    return { safe: widget === 'hidden', lines };
  }
}
