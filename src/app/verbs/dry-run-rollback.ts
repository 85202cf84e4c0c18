import { messageOf } from '../../base/errors.ts';
import type { ExitCode } from '../../base/exit-codes.ts';
import { type Forthcoming, foreseeAll } from '../../effects/foresee.ts';
import { findRelease } from '../../release/emergency.ts';
import type { Engine } from '../../release/engine.ts';
import { type RollbackWish, rollbackEffects } from '../../release/roll-back.ts';
import { emptyState, foldJournal, type ReleaseState } from '../../release/state.ts';
import { foreseenDocument, foreseenLines, withoutVault } from '../foreseen.ts';
import type { Output } from '../output.ts';

/** The compensations of the plan, by phase: the very effects that a rollback carries out. */
function compensations(engine: Engine, wish: RollbackWish, state: ReleaseState) {
  const log = { state, entries: [], append: async () => undefined };
  return rollbackEffects(engine, log, wish);
}

/** A rollback in words, by phase; looks at nothing. */
export function describeRollback(
  engine: Engine,
  wish: RollbackWish,
): readonly (readonly string[])[] {
  return compensations(engine, wish, emptyState('dry-run')).map((phase) =>
    phase.flatMap((effect) => effect.describe()),
  );
}

/** The release that a rollback would be of. Switching flags off needs no journal, so none is read. */
async function stateOf(
  engine: Engine,
  wish: RollbackWish,
  release: string | undefined,
  output: Output,
): Promise<ReleaseState> {
  const unnamed = emptyState('<the id of this rollback>');
  if (wish.only === 'flags') return unnamed;
  const { id, notes } = await findRelease(engine, release);
  for (const note of notes) output.remark(`note: ${note}`);
  if (id === null) return unnamed;
  try {
    return foldJournal(id, await engine.store.read(id));
  } catch (error) {
    output.remark(`note: the journal of ${id} is not readable: ${messageOf(error)}`);
    return emptyState(id);
  }
}

/** `aurora rollback --dry-run`: what would be sent, phase by phase; only looks. */
export async function dryRunRollback(
  engine: Engine,
  wish: RollbackWish,
  release: string | undefined,
  output: Output,
): Promise<ExitCode> {
  const state = await stateOf(engine, wish, release, output);
  const phases = compensations(withoutVault(engine), wish, state);
  const forthcoming: readonly Forthcoming[] = phases.flatMap((phase, index) =>
    phase.map((effect) => ({ place: `phase ${index + 1}`, effect })),
  );
  const foreseen = await foreseeAll(forthcoming, engine.signal);
  const told = forthcoming.flatMap((one, index) => {
    const seen = foreseen[index];
    return seen === undefined ? [] : [{ one, seen }];
  });
  const inPhase = (index: number) => told.filter(({ one }) => one.place === `phase ${index + 1}`);
  output.document('rollback-dry-run', {
    phases: phases.map((_, index) =>
      inPhase(index).map(({ one, seen }) => ({
        lines: one.effect.describe(),
        ...foreseenDocument(one, seen),
      })),
    ),
  });
  output.text('dry run of a rollback: nothing is changed');
  for (const index of phases.keys()) {
    output.text(`\nphase ${index + 1}`);
    for (const { one, seen } of inPhase(index)) {
      for (const line of one.effect.describe()) output.text(`   do  ${line}`);
      for (const line of foreseenLines(one, seen)) output.text(`       ${line}`);
    }
  }
  return 0;
}
