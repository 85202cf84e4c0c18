import { formatDuration } from '../../base/duration.ts';
import type { CheckResult } from '../check.ts';
import type { CheckContext, ReleaseFacts } from '../kind.ts';
import { greenLookOf } from './earlier.ts';
import type { WatchName } from './plan.ts';

/** The watch after the ramp, or of one of its stages. */
export function rampName({ stage, percent = 100 }: ReleaseFacts): WatchName {
  const share = stage ?? percent;
  return share >= 100
    ? { id: 'ramp', title: 'Verdict after the ramp' }
    : { id: `ramp-${share}`, title: `Verdict at ${share} %` };
}

/**
 * The result of a stage that this release is past: it was judged green then, and customers have more
 * by now. Null where it has to be watched.
 */
export function passedStage(context: CheckContext, name: WatchName): CheckResult | null {
  const { stage, percent } = context.facts;
  if (stage === undefined || percent === undefined || stage >= percent) return null;
  const green = greenLookOf(context, name.id);
  if (green === null) return null;
  const { requests, elapsedMs } = green.data;
  const after = typeof elapsedMs === 'number' ? ` after ${formatDuration(elapsedMs)}` : '';
  return {
    ...name,
    status: 'pass',
    expected: 'every gate metric proven green, nothing red',
    observed: `judged green${after} before the share went on to ${percent} %: not watched again`,
    band: 'green',
    ...(typeof requests === 'number' ? { n: requests } : {}),
    evidence: { watch: name.id, judgedAt: green.at },
  };
}
