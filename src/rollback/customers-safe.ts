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

/** What a customer meets, seen once. */
interface Look {
  readonly widget: string;
  /** Of twenty fresh customers, how many the rolled back build answered; null when not asked. */
  readonly met: number | null;
  readonly trouble: string | null;
}

async function look(
  view: EnvironmentView,
  candidate: string | null,
  signal: AbortSignal,
): Promise<Look> {
  try {
    const hidden = await widgetIsHidden(view, signal);
    const answers = candidate === null ? [] : await askOutsideOften(view, looks, signal);
    const met = answers.filter((answer) => answer.build === candidate).length;
    return {
      widget: hidden ? 'hidden' : 'shown',
      met: candidate === null ? null : met,
      trouble: null,
    };
  } catch (error) {
    signal.throwIfAborted();
    return { widget: 'not seen', met: null, trouble: messageOf(error) };
  }
}

/** What is asked after a rollback. */
export interface SafetyQuestion {
  /** The build that was rolled back; null when no journal says which one that was. */
  readonly candidate: string | null;
  /** It is the stable build by now and only flags are switched off: it answers, yet no widget asks. */
  readonly mayAnswer: boolean;
}

function isSafe({ widget, met }: Look, { candidate, mayAnswer }: SafetyQuestion): boolean {
  return widget === 'hidden' && (candidate === null || mayAnswer || met === 0);
}

function tell(view: EnvironmentView, seen: Look, candidate: string | null): readonly string[] {
  const lines = [`widget at ${view.origin}/widget.js: ${seen.widget}`];
  if (candidate !== null && seen.met !== null) {
    lines.push(`${seen.met} of ${looks} fresh customers answered by ${shortDigest(candidate)}`);
  }
  if (seen.trouble !== null) lines.push(`no answer: ${seen.trouble}`);
  return lines;
}

/**
 * Looks as a customer would, until it is so or patience ends: is the widget hidden, and does nobody
 * meet the rolled back build? What could not be seen is never taken for safe.
 */
export async function proveCustomersSafe(
  view: EnvironmentView,
  question: SafetyQuestion,
  clock: Clock,
  signal: AbortSignal,
): Promise<SafetyProof> {
  const deadline = clock.now() + patienceMs;
  for (;;) {
    const seen = await look(view, question.candidate, signal);
    const safe = isSafe(seen, question);
    if (safe || clock.now() + lookEveryMs > deadline) {
      return { safe, lines: tell(view, seen, question.candidate) };
    }
    await clock.sleep(lookEveryMs, signal);
  }
}
