import type { ExitCode } from '../base/exit-codes.ts';
import { abortRun } from './abort.ts';
import type { WishNote } from './inbox.ts';
import { productionTouched } from './production-touched.ts';
import type { Run } from './run-context.ts';

/** `paused by Maya T.: lunch` */
export function wishText(wish: Pick<WishNote, 'wish' | 'by' | 'reason'>): string {
  const done = wish.wish === 'pause' ? 'paused' : 'aborted';
  return `${done} by ${wish.by}${wish.reason === '' ? '' : `: ${wish.reason}`}`;
}

/**
 * Does what somebody wished of a release that stands between two moves: it stands still, or ends.
 * An end that was wished for too late, with the candidate among customers already, is a hold:
 * whoever wished it must choose between going on and rolling back.
 */
export async function followWish(run: Run, wish: WishNote, step: number): Promise<ExitCode> {
  const { engine, log } = run;
  const text = wishText(wish);
  const late = wish.wish === 'abort' && productionTouched(log.state, engine.plan.flags.environment);
  if (wish.wish === 'abort' && !late) return abortRun(run, text);
  const reason = late ? `to be ${text}; but production was touched already` : text;
  await log.append('release.held', { step, reason, waitsFor: 'person' });
  return 4;
}
