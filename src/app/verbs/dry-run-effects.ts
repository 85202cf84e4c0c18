import type { ExitCode } from '../../base/exit-codes.ts';
import { type Forthcoming, foreseeAll } from '../../effects/foresee.ts';
import { createEffect } from '../../effects/registry.ts';
import type { Engine } from '../../release/engine.ts';
import { effectContext } from '../../release/run-context.ts';
import type { EffectsOrder } from '../../release/run-effects.ts';
import { emptyState } from '../../release/state.ts';
import { type Change, changeLine, shownChange } from '../../services/change.ts';
import { foreseenDocument, foreseenLines, withoutVault } from '../foreseen.ts';
import type { Output } from '../output.ts';

/** Effects outside a release that are only shown. */
export interface ShownOrder extends Pick<EffectsOrder, 'candidate' | 'effects'> {
  /** What it is a dry run of: `deploying 1.3.0 to staging`. */
  readonly words: string;
  /** What is sent before the effects: migrations. */
  readonly before?: readonly Change[];
}

/** Shows what `runEffects` would send; only looks. */
export async function dryRunEffects(
  engine: Engine,
  { candidate, effects, words, before = [] }: ShownOrder,
  output: Output,
): Promise<ExitCode> {
  const context = effectContext(withoutVault(engine), {
    log: { state: emptyState('dry-run'), entries: [] },
    candidate,
    reason: '',
    writeDocument: async (name) => name,
  });
  const forthcoming: readonly Forthcoming[] = effects.map(({ kind, params }, index) => ({
    place: `act ${index + 1}`,
    effect: createEffect(kind, params, context),
  }));
  const foreseen = await foreseeAll(forthcoming, engine.signal);
  const told = forthcoming.flatMap((one, index) => {
    const seen = foreseen[index];
    return seen === undefined ? [] : [{ one, seen }];
  });
  output.document('effects-dry-run', {
    before: before.map(shownChange),
    effects: told.map(({ one, seen }) => ({
      lines: one.effect.describe(),
      ...foreseenDocument(one, seen),
    })),
  });
  output.text(`dry run of ${words}: nothing is changed`);
  for (const change of before) output.text(changeLine(change));
  for (const [index, { one, seen }] of told.entries()) {
    for (const line of one.effect.describe()) output.text(`${index + 1}. ${line}`);
    for (const line of foreseenLines(one, seen)) output.text(`   ${line}`);
  }
  return 0;
}
