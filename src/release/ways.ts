import type { Engine } from './engine.ts';
import { passFreezes } from './freeze-gate.ts';
import type { Override } from './override.ts';
import type { ReleaseLog } from './release-log.ts';
import type { RunSpan } from './run-steps.ts';
import { type Skipping, signSkip, writeSkip } from './skip-step.ts';

/** Rules of the plan that a person sets aside as a release begins, signed. */
export interface Ways {
  readonly overrides: readonly Override[];
  readonly skipping: Skipping | null;
}

/**
 * Signs what a new release needs a person's word for: freeze windows that hold now, and the steps
 * before `from`. Nothing has been changed or taken by then. FREEZE_WINDOW, SKIP_REFUSED, OVERRIDE_*.
 */
export async function signWays(
  engine: Engine,
  of: { readonly release: string; readonly build: string },
  span: RunSpan,
): Promise<Ways> {
  const reason = span.override ?? null;
  const { from = 1 } = span;
  const overrides = await passFreezes(engine, { ...of, given: [], reason });
  const before = engine.plan.steps.filter(({ step }) => step < from);
  const skipping = before.length === 0 ? null : await signSkip(engine, of, before, reason);
  return { overrides, skipping };
}

/** Writes it all down. */
export async function writeWays(log: ReleaseLog, { overrides, skipping }: Ways): Promise<void> {
  for (const override of overrides) await log.append('override.given', override);
  if (skipping !== null) await writeSkip(log, skipping);
}
